// Looking things up, with the service's errors when they are not there, and showing them.
#pragma once
#include <functional>
#include <string>
#include <string_view>

#include "apis/dispatch/dispatcher.hpp"
#include "emulator/gateway/store.hpp"

namespace virga::apigateway {

using gateway::Deployment;
using gateway::Resource;
using gateway::RestApi;
using gateway::Stage;
using gateway::Store;

Store& store_of(Context& ctx);

// The API, child and so on that `input` names by restApiId, resourceId, httpMethod, statusCode, stageName, deploymentId. Errors in the
// service's order: first the API, then the child. They set the call's resource.
RestApi find_api(Context& ctx, Database& db, const Value& input);
Resource find_resource(Context& ctx, Database& db, const Value& input);
Stage find_stage(Context& ctx, Database& db, const Value& input);
Deployment find_deployment(Context& ctx, Database& db, const Value& input);
// In a resource that was found; the reference lives as long as the resource.
Object& find_method(Resource& resource, const Value& input);
Object& find_integration(Object& method);

// In the form of the API.
Value show(const RestApi& api);
Value show(const Resource& resource, bool embed_methods);
Value show(const Deployment& deployment);
Value show(const Stage& stage);
bool embeds(const Value& input, std::string_view what);

// A page of `all` by the input's position and limit: {items, position?}.
Value page(const Array& all, const Value& input);

// Copies the members of `input` that are there (and not null) under the same names.
void copy_members(const Value& input, Object& to, std::initializer_list<const char*> names);

// Reads the resource, lets `change` change it, and stores it again, in one transaction.
Value change_resource(Context& ctx, const Value& input, const std::function<Value(Resource&, Database&)>& change);

}  // namespace virga::apigateway
