// What a partition's REST APIs are: settings, resources with their methods, deployments, stages. See also snapshot.hpp.
//
// Documents are kept in the form the API shows them (members by the API model's names), so that Get is reading. A resource's
// methods, their integrations and responses are one document with the resource: they are read and changed together.
#pragma once
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "emulator/world/partition.hpp"

namespace virga::gateway {

struct Snapshot;

struct RestApi {
    std::string id;
    TimeMs created = 0;
    Object settings{};  // all shown members but id and createdDate
};

struct Resource {
    std::string id, parent, part, path;  // the root: parent and part are empty, path is "/"
    Object methods{};                    // by HTTP method; each with methodResponses and methodIntegration
};

struct Deployment {
    std::string id;
    TimeMs created = 0;
    std::string description;
    std::string snapshot;  // text of snapshot.hpp
};

struct Stage {
    std::string name;
    TimeMs created = 0, updated = 0;
    Object settings{};  // all shown members but stageName and the dates
};

// The functions on Database want the partition's lock held (a Transaction or a Reading).
class Store : public Part {
public:
    Store(Partition& partition, Database& db);

    std::optional<RestApi> api(Database& db, std::string_view id) const;
    std::vector<RestApi> apis(Database& db) const;  // in the order of their creation
    void put(Database& db, const RestApi& api);
    // With everything in it.
    void remove_api(Database& db, std::string_view id);

    std::optional<Resource> resource(Database& db, std::string_view api, std::string_view id) const;
    std::vector<Resource> resources(Database& db, std::string_view api) const;  // in the order of their creation
    void put(Database& db, std::string_view api, const Resource& resource);
    void remove_resource(Database& db, std::string_view api, std::string_view id);

    std::optional<Deployment> deployment(Database& db, std::string_view api, std::string_view id) const;
    std::vector<Deployment> deployments(Database& db, std::string_view api) const;  // newest first
    void put(Database& db, std::string_view api, const Deployment& deployment);
    void remove_deployment(Database& db, std::string_view api, std::string_view id);

    std::optional<Stage> stage(Database& db, std::string_view api, std::string_view name) const;
    std::vector<Stage> stages(Database& db, std::string_view api) const;
    void put(Database& db, std::string_view api, const Stage& stage);
    void remove_stage(Database& db, std::string_view api, std::string_view name);

    // Small things of an API that are documents under a name: kinds "response", "model", "validator".
    std::optional<Object> item(Database& db, std::string_view api, std::string_view kind, std::string_view name) const;
    std::vector<std::pair<std::string, Object>> items(Database& db, std::string_view api, std::string_view kind) const;
    void put_item(Database& db, std::string_view api, std::string_view kind, std::string_view name, const Object& document);
    void remove_item(Database& db, std::string_view api, std::string_view kind, std::string_view name);

    // The compiled form of a deployment; null when it does not exist. Deployments never change, so it is made once.
    std::shared_ptr<const Snapshot> snapshot(Database& db, std::string_view api, std::string_view deployment);

private:
    std::unordered_map<std::string, std::shared_ptr<const Snapshot>> snapshots_;  // by "api/deployment", under the partition's lock
};

}  // namespace virga::gateway
