#include "apis/s3/post_object.hpp"

#include "apis/protocol/models.hpp"
#include "apis/protocol/s3_host.hpp"
#include "apis/protocol/sigv4.hpp"
#include "apis/protocol/xml_writer.hpp"
#include "apis/s3/cors.hpp"
#include "apis/s3/post_policy.hpp"
#include "apis/s3/support.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/object/limits.hpp"
#include "emulator/object/names.hpp"

namespace virga::s3 {

namespace {

// A form on its way: what it says, and the PutObject that it becomes.
struct Form {
    Dispatcher& dispatcher;
    std::shared_ptr<HttpRequest> request;
    std::shared_ptr<FormBody> body{};
    std::string bucket{}, key{}, account = "000000000000", region = "us-east-1", access_key{};
    bool bucket_in_host = false;
    HttpRequest put{};
    std::string request_id{};

    const std::string* field(std::string_view name) const { return find_field(body->fields(), name); }
};

// "/bucket" or "/bucket/"; with the bucket in the host "/". Empty: no form for a bucket.
std::string bucket_of(const HttpRequest& r, bool& in_host) {
    std::string_view path = r.path();
    std::string host = protocol::s3_bucket_of_host(r.host(), true);
    in_host = !host.empty();
    if (in_host) return path == "/" || path.empty() ? host : std::string();
    if (path.starts_with('/')) path.remove_prefix(1);
    if (path.ends_with('/')) path.remove_suffix(1);
    return path.find('/') == std::string_view::npos ? percent_decode(path) : std::string();
}

// The fields that are no headers of the upload.
bool is_form_matter(std::string_view lower) {
    for (std::string_view name : {"key", "policy", "file", "bucket", "submit", "redirect", "success_action_redirect", "success_action_status", "awsaccesskeyid",
                                  "signature", "x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-signature", "x-amz-security-token"})
        if (lower == name) return true;
    return lower.starts_with("x-ignore-");
}

// The tag set's XML of the form as the header of an upload.
std::string tagging_header(const std::string& xml) {
    std::string header;
    for (std::size_t at = 0; (at = xml.find("<Tag>", at)) != std::string::npos; ++at) {
        auto element = [&](std::string_view name) {
            std::size_t from = xml.find("<" + std::string(name) + ">", at), to = xml.find("</" + std::string(name) + ">", at);
            if (from == std::string::npos || to == std::string::npos || to < from) throw errors::malformed_xml();
            return percent_encode(xml.substr(from + name.size() + 2, to - from - name.size() - 2));
        };
        if (!header.empty()) header += '&';
        header += element("Key") + "=" + element("Value");
    }
    return header;
}

void fill_headers(Form& form) {
    for (const FormField& field : form.body->fields()) {
        std::string lower = to_lower(field.name);
        if (is_form_matter(lower)) continue;
        if (lower == "acl") form.put.headers.add("x-amz-acl", field.value);
        else if (lower == "tagging") form.put.headers.add("x-amz-tagging", tagging_header(field.value));
        else if (lower.starts_with("x-amz-") || lower == "content-type" || lower == "cache-control" || lower == "content-disposition" || lower == "content-encoding" ||
                 lower == "content-language" || lower == "expires")
            form.put.headers.add(lower, field.value);
    }
}

// ${filename} in the key stands for the file's name.
std::string key_of(const Form& form) {
    const std::string* key = form.field("key");
    if (!key || key->empty()) throw errors::form_field_missing("key");
    constexpr std::string_view variable = "${filename}";
    std::string out = *key;
    for (std::size_t at = 0; (at = out.find(variable, at)) != std::string::npos; at += form.body->file_name().size())
        out.replace(at, variable.size(), form.body->file_name());
    return out;
}

void take_credential(Form& form) {
    if (const std::string* id = form.field("AWSAccessKeyId")) form.access_key = *id;
    if (const std::string* credential = form.field("x-amz-credential")) {
        std::size_t slash = credential->find('/');
        form.access_key = credential->substr(0, slash);
        std::size_t region = slash == std::string::npos ? slash : credential->find('/', slash + 1);
        if (region != std::string::npos) form.region = credential->substr(region + 1, credential->find('/', region + 1) - region - 1);
    }
    form.account = protocol::account_of_access_key(form.access_key);
}

// The signature is that of the policy as it came, in base64.
void check_signature(const Form& form) {
    const std::string* signature = form.field("x-amz-signature");
    if (form.field("AWSAccessKeyId") && !signature)
        throw errors::invalid_request("The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.");
    if (!signature) return;  // nobody's form: the bucket decides
    auto secret = form.dispatcher.secrets ? form.dispatcher.secrets(form.account, form.access_key) : std::nullopt;
    protocol::SignatureParts parts;
    std::string credential = *form.field("x-amz-credential");
    std::vector<std::string> scope;
    for (std::size_t at = 0; at <= credential.size();) {
        std::size_t end = std::min(credential.find('/', at), credential.size());
        scope.push_back(credential.substr(at, end - at));
        at = end + 1;
    }
    if (scope.size() != 5) throw errors::invalid_argument("The Credential field of your form is malformed.", "X-Amz-Credential", credential);
    parts.date = scope[1];
    parts.region = scope[2];
    parts.service = scope[3];
    std::string wanted = hex_encode(hmac_sha256(protocol::signing_key(secret ? *secret : default_secret, parts), *form.field("policy")));
    if (wanted == *signature) return;
    throw errors::form_signature_does_not_match(form.access_key, *form.field("policy"), *signature);
}

// Everything that can be refused before the file is read; the upload's request and its body.
void prepare(Form& form) {
    World& world = form.dispatcher.world();
    object::partition_of_bucket(world, form.bucket);
    check_signature_fields(form.body->fields());
    form.key = key_of(form);
    object::check_key(form.key);
    if (!form.body->has_file()) throw errors::invalid_argument("POST requires exactly one file upload per request.", "file", "0");
    take_credential(form);
    if (form.dispatcher.verify_signatures) check_signature(form);
    FormLimits limits{0, object::max_put_bytes};
    if (const std::string* policy = form.field("policy")) {
        std::vector<FormField> fields = form.body->fields();
        for (FormField& field : fields)
            if (iequals(field.name, "key")) field.value = form.key;
        limits = check_policy(*policy, fields, form.bucket, world.clock.wall());
    }
    form.put.method = "PUT";
    form.put.target = "/" + percent_encode(form.bucket) + "/" + percent_encode(form.key, true);
    form.put.remote = form.request->remote;
    form.put.tls = form.request->tls;
    form.put.headers.add("host", "s3.localhost");  // tells the service, whatever the bucket is called
    fill_headers(form);
    form.put.body = std::make_shared<FormFile>(form.body, limits.least, limits.most);
}

Call call_of(Form& form, const protocol::WireRequest& wire, const HttpExchange& exchange) {
    Call call;
    call.service = "s3";
    call.operation = "PutObject";
    call.partition = {form.account, form.region};
    call.principal.account = call.principal.user_id = form.account;
    call.principal.arn = "arn:aws:iam::" + form.account + ":root";
    if (form.dispatcher.principals) call.principal = form.dispatcher.principals(form.account, form.access_key);
    call.principal.access_key = form.access_key;
    call.input = protocol::decode_input(wire, form.put, {});
    call.input["PostedForm"] = true;  // its event is another, and its length is not known before its end
    call.body = form.put.body;
    call.trace = TraceContext::parse(form.request->headers.get("x-amzn-trace-id"));
    call.endpoint = form.request->endpoint();
    call.http = &exchange;
    return call;
}

std::string location_of(const Form& form) {
    std::string base = form.request->endpoint() + "/";
    if (!form.bucket_in_host) base += percent_encode(form.bucket) + "/";
    return base + percent_encode(form.key);
}

// What the browser gets: a redirect, or the status that the form asks for.
void finish(const Form& form, const Value& output, HttpResponse& response) {
    std::string etag(output.text("ETag")), location = location_of(form);
    response.body.clear();
    response.headers.remove("content-type");
    const std::string* redirect = form.field("success_action_redirect");
    if (!redirect) redirect = form.field("redirect");
    if (redirect && (redirect->starts_with("http://") || redirect->starts_with("https://"))) {
        response.status = 303;
        response.headers.set("Location", *redirect + (redirect->find('?') == std::string::npos ? "?" : "&") + "bucket=" + percent_encode(form.bucket) +
                                             "&key=" + percent_encode(form.key) + "&etag=" + percent_encode(etag));
        return;
    }
    response.headers.set("Location", location);
    const std::string* status = form.field("success_action_status");
    response.status = status && *status == "200" ? 200 : status && *status == "201" ? 201 : 204;
    if (response.status != 201) return;
    response.headers.set("Content-Type", "application/xml");
    protocol::XmlWriter xml(response.body, false, true);
    xml.declaration();
    xml.open("PostResponse");
    for (const auto& [name, text] : {std::pair<const char*, std::string>{"Location", location}, {"Bucket", form.bucket}, {"Key", form.key}, {"ETag", etag}})
        xml.text_element(name, text);
    xml.close("PostResponse");
}

Task<HttpResponse> answer(std::shared_ptr<Form> form) {
    HttpExchange exchange{form->put, {}};
    protocol::WireRequest wire;
    wire.service = &form->dispatcher.find_service("s3")->model();
    wire.protocol = model::Protocol::rest_xml;
    std::optional<ApiError> error;
    try {
        co_await form->body->read_fields();
        prepare(*form);
        const model::Service* s3[] = {wire.service};
        wire = protocol::identify(form->put, s3);
        Call call = call_of(*form, wire, exchange);
        Reply reply = co_await form->dispatcher.call(std::move(call));
        form->request_id = reply.request_id;
        if (!reply.error) {
            HttpResponse response = protocol::encode_output(wire, reply.output, false, reply.request_id, exchange.extra);
            finish(*form, reply.output, response);
            co_return response;
        }
        error = reply.error;
    } catch (const ApiError& e) {
        error = e;
    }
    if (form->request_id.empty()) form->request_id = form->dispatcher.world().random.derive(0, form->request->target).text(16, "0123456789ABCDEF");
    HttpResponse refused = protocol::encode_error(wire, *error, form->request_id, exchange.extra);
    co_return refused;
}

}  // namespace

HttpRoute form_route(Dispatcher& dispatcher) {
    auto matches = [](const HttpRequest& r) {
        bool in_host = false;
        return r.method == "POST" && starts_with_i(r.headers.get("content-type"), "multipart/form-data") && !r.headers.has("authorization") &&
               !bucket_of(r, in_host).empty();
    };
    auto handle = [&dispatcher](std::shared_ptr<HttpRequest> request, Respond respond) {
        auto form = std::make_shared<Form>(Form{dispatcher, request});
        form->bucket = bucket_of(*request, form->bucket_in_host);
        form->body = std::make_shared<FormBody>(request->body, form_boundary(request->headers.get("content-type")));
        start_with_result(answer(form), [form, respond](std::exception_ptr error, std::optional<HttpResponse> response) {
            if (error) return respond(HttpResponse::json(500, R"({"message":"InternalFailure"})"));
            Headers shared;
            add_cors_headers(form->dispatcher.world(), *form->request, form->bucket, shared);
            for (const auto& [name, value] : shared) response->headers.set(name, value);
            respond(std::move(*response));
        });
    };
    return {"s3-form", matches, handle};
}

}  // namespace virga::s3
