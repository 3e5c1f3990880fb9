#include "apis/kms/key_metadata.hpp"

namespace virga::kms {

namespace {

Object region_of_set(const Partition& partition, std::string_view id, std::string_view region) {
    return {{"Arn", arn_in(partition, id, region)}, {"Region", region}};
}

Object multi_region_configuration(const Partition& partition, const keys::Key& key) {
    const keys::MultiRegion& set = *key.multi_region;
    Array replicas;
    for (const auto& region : set.regions) replicas.push_back(region_of_set(partition, key.id, region));
    return {{"MultiRegionKeyType", key.is_primary_in(partition.region()) ? "PRIMARY" : "REPLICA"},
            {"PrimaryKey", region_of_set(partition, key.id, set.primary)},
            {"ReplicaKeys", std::move(replicas)}};
}

}  // namespace

Object key_metadata(const Target& target, const keys::Key& key, const keys::Material* material) {
    std::string_view state = keys::state_of(key);
    Object out{{"AWSAccountId", target.partition->account()},
               {"KeyId", key.id},
               {"Arn", target.arn},
               {"CreationDate", Timestamp{key.created}},
               {"Enabled", state == "Enabled"},
               {"Description", key.description},
               {"KeyUsage", key.usage},
               {"KeyState", state},
               {"Origin", key.origin},
               {"KeyManager", key.aws_managed ? "AWS" : "CUSTOMER"},
               {"CustomerMasterKeySpec", key.spec},
               {"KeySpec", key.spec},
               {"MultiRegion", key.multi_region.has_value()}};
    for (auto& [name, value] : keys::algorithms(*keys::find_spec(key.spec), key.usage)) out.append(name, value);
    if (key.deletion_at > 0) out.append("DeletionDate", Timestamp{key.deletion_at});
    else if (key.deletion_days > 0) out.append("PendingDeletionWindowInDays", key.deletion_days);
    if (key.multi_region) out.append("MultiRegionConfiguration", multi_region_configuration(*target.partition, key));
    if (material && !key.lacks_material) {
        if (key.origin == "EXTERNAL") {
            out.append("ExpirationModel", material->expires > 0 ? "KEY_MATERIAL_EXPIRES" : "KEY_MATERIAL_DOES_NOT_EXPIRE");
            if (material->expires > 0) out.append("ValidTo", Timestamp{material->expires});
        }
        if (key.spec == "SYMMETRIC_DEFAULT") out.append("CurrentKeyMaterialId", material->id);
    }
    return out;
}

}  // namespace virga::kms
