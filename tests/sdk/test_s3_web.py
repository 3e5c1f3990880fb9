"""CORS and websites, over raw HTTP as browsers speak it."""
import http.client
import uuid

import pytest
from s3_support import bucket, fails, s3  # noqa: F401  (fixtures)


def ask(virga, method, path, host=None, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", virga.port)
    connection.putrequest(method, path, skip_host=True)
    connection.putheader("Host", host or f"127.0.0.1:{virga.port}")
    for name, value in headers.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders()
    response = connection.getresponse()
    return response.status, response.headers, response.read().decode()


def preflight(virga, path, origin, method, wanted=None):
    headers = {"Origin": origin, "Access_Control_Request_Method": method}
    if wanted:
        headers["Access_Control_Request_Headers"] = wanted
    return ask(virga, "OPTIONS", path, **headers)


RULES = [
    {"AllowedMethods": ["GET", "PUT"], "AllowedOrigins": ["https://*.example.com"], "AllowedHeaders": ["x-amz-*"], "ExposeHeaders": ["ETag"], "MaxAgeSeconds": 300},
    {"AllowedMethods": ["HEAD"], "AllowedOrigins": ["*"]},
]


def test_preflight(virga, s3, bucket):
    status, _, text = preflight(virga, f"/{bucket}/k", "https://a.example.com", "GET")
    assert status == 403 and "<Code>AccessForbidden</Code><Message>CORSResponse: CORS is not enabled for this bucket.</Message>" in text
    s3.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": RULES})
    status, headers, _ = preflight(virga, f"/{bucket}/k", "https://a.example.com", "PUT", "X-Amz-Date, x-amz-acl")
    assert status == 200
    assert headers["Access-Control-Allow-Origin"] == "https://a.example.com"
    assert headers["Access-Control-Allow-Methods"] == "GET, PUT"
    assert headers["Access-Control-Allow-Headers"] == "x-amz-date, x-amz-acl"
    assert headers["Access-Control-Expose-Headers"] == "ETag"
    assert headers["Access-Control-Max-Age"] == "300"
    assert headers["Access-Control-Allow-Credentials"] == "true"
    assert headers["Vary"] == "Origin, Access-Control-Request-Headers, Access-Control-Request-Method"
    status, headers, _ = preflight(virga, f"/{bucket}", "http://anybody", "HEAD")
    assert (status, headers["Access-Control-Allow-Origin"], headers["Access-Control-Allow-Credentials"]) == (200, "*", None)
    for origin, method, wanted in [("http://anybody", "GET", None), ("https://a.example.com", "DELETE", None), ("https://a.example.com", "GET", "content-type")]:
        status, headers, text = preflight(virga, f"/{bucket}/k", origin, method, wanted)
        assert status == 403 and "CORSResponse: This CORS request is not allowed." in text
        assert f"<Method>{method}</Method><ResourceType>OBJECT</ResourceType>" in text
        assert headers["Access-Control-Allow-Origin"] is None
    status, _, text = ask(virga, "OPTIONS", f"/{bucket}/k", Access_Control_Request_Method="GET")
    assert status == 400 and "Insufficient information. Origin request header needed." in text
    status, _, text = ask(virga, "OPTIONS", f"/{bucket}/k", Origin="http://anybody")
    assert status == 400 and "Invalid Access-Control-Request-Method: null" in text


def test_actual_requests_and_errors_carry_the_headers(virga, s3, bucket):
    s3.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": RULES})
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    for path, expected in [(f"/{bucket}/k", 200), (f"/{bucket}/missing", 404)]:
        status, headers, _ = ask(virga, "GET", path, Origin="https://a.example.com")
        assert (status, headers["Access-Control-Allow-Origin"]) == (expected, "https://a.example.com")
        assert ask(virga, "GET", path, Origin="http://anybody")[1]["Access-Control-Allow-Origin"] is None


def test_cors_that_is_wrong(s3, bucket):
    with fails("NoSuchCORSConfiguration", 404, "The CORS configuration does not exist"):
        s3.get_bucket_cors(Bucket=bucket)

    def put(**rule):
        s3.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": [{"AllowedMethods": ["GET"], "AllowedOrigins": ["*"]} | rule]})

    with fails("InvalidRequest", 400, "Found unsupported HTTP method in CORS config. Unsupported method is OPTIONS"):
        put(AllowedMethods=["OPTIONS"])
    with fails("InvalidRequest", 400, 'AllowedOrigin "http://*.*" can not have more than one wildcard.'):
        put(AllowedOrigins=["http://*.*"])
    with fails("InvalidRequest", 400, 'ExposeHeader "*" contains wildcard. We currently do not support wildcard for ExposeHeader.'):
        put(ExposeHeaders=["*"])
    with fails("MalformedXML", 400):
        s3.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": []})


# Websites


@pytest.fixture
def site(s3, bucket):
    for key, data in [("index.html", "home"), ("docs/index.html", "docs"), ("error.html", "sorry"), ("docs/a b.txt", "text")]:
        s3.put_object(Bucket=bucket, Key=key, Body=data.encode(), ContentType="text/html")
    s3.put_bucket_website(Bucket=bucket, WebsiteConfiguration={"IndexDocument": {"Suffix": "index.html"}, "ErrorDocument": {"Key": "error.html"}})
    return bucket


def visit(virga, bucket, path, method="GET", form="s3-website-us-east-1.amazonaws.com", **headers):
    return ask(virga, method, path, host=f"{bucket}.{form}", **headers)


def test_index_and_error_documents(virga, site):
    for form in ("s3-website.us-east-1.localhost", "s3-website.localhost", "s3-website-us-east-1.amazonaws.com"):
        status, headers, text = visit(virga, site, "/", form=form)
        assert (status, text, headers["Content-Type"]) == (200, "home", "text/html")
    assert visit(virga, site, "/docs/")[2] == "docs"
    assert visit(virga, site, "/docs/a%20b.txt")[2] == "text"
    status, headers, _ = visit(virga, site, "/docs")
    assert (status, headers["Location"]) == (302, "/docs/")
    status, headers, text = visit(virga, site, "/missing")
    assert (status, text) == (404, "sorry")
    assert headers["x-amz-error-code"] == "NoSuchKey"
    status, headers, text = visit(virga, site, "/", method="HEAD")
    assert (status, text, headers["Content-Length"]) == (200, "", "4")
    status, _, text = visit(virga, site, "/", method="POST")
    assert status == 405 and "<li>Code: MethodNotAllowed</li>" in text
    etag = visit(virga, site, "/")[1]["ETag"]
    assert visit(virga, site, "/", If_None_Match=etag)[0] == 304


def test_html_errors(virga, s3, bucket):
    status, headers, text = visit(virga, bucket, "/")
    assert status == 404 and "<li>Code: NoSuchWebsiteConfiguration</li>" in text and headers["x-amz-error-code"] == "NoSuchWebsiteConfiguration"
    assert visit(virga, "b-" + uuid.uuid4().hex, "/")[1]["x-amz-error-code"] == "NoSuchBucket"


def test_redirects(virga, s3, site):
    s3.put_object(Bucket=site, Key="moved", WebsiteRedirectLocation="/docs/")
    status, headers, _ = visit(virga, site, "/moved")
    assert (status, headers["Location"]) == (301, "/docs/")
    rules = [
        {"Condition": {"KeyPrefixEquals": "old/"}, "Redirect": {"ReplaceKeyPrefixWith": "docs/"}},
        {"Condition": {"HttpErrorCodeReturnedEquals": "404"}, "Redirect": {"HostName": "example.com", "Protocol": "https", "HttpRedirectCode": "302", "ReplaceKeyWith": "gone.html"}},
    ]
    s3.put_bucket_website(Bucket=site, WebsiteConfiguration={"IndexDocument": {"Suffix": "index.html"}, "RoutingRules": rules})
    assert s3.get_bucket_website(Bucket=site)["RoutingRules"] == rules
    status, headers, _ = visit(virga, site, "/old/x")
    assert (status, headers["Location"]) == (301, f"http://{site}.s3-website-us-east-1.amazonaws.com/docs/x")
    status, headers, _ = visit(virga, site, "/nothing")
    assert (status, headers["Location"]) == (302, "https://example.com/gone.html")
    s3.put_bucket_website(Bucket=site, WebsiteConfiguration={"RedirectAllRequestsTo": {"HostName": "example.com", "Protocol": "https"}})
    status, headers, _ = visit(virga, site, "/a/b?c=d")
    assert (status, headers["Location"]) == (301, "https://example.com/a/b?c=d")


def test_websites_that_are_wrong(s3, bucket):
    with fails("NoSuchWebsiteConfiguration", 404, "The specified bucket does not have a website configuration"):
        s3.get_bucket_website(Bucket=bucket)

    def put(**configuration):
        s3.put_bucket_website(Bucket=bucket, WebsiteConfiguration=configuration)

    with fails("InvalidArgument", 400, "The IndexDocument Suffix is not well formed"):
        put(IndexDocument={"Suffix": "a/b"})
    with fails("InvalidArgument", 400):
        put(ErrorDocument={"Key": "x"})
    with fails("InvalidArgument", 400):
        put(IndexDocument={"Suffix": "x"}, RedirectAllRequestsTo={"HostName": "example.com"})
    index = {"Suffix": "index.html"}
    with fails("InvalidRequest", 400, "You can only define ReplaceKeyPrefix or ReplaceKey but not both."):
        put(IndexDocument=index, RoutingRules=[{"Redirect": {"ReplaceKeyWith": "a", "ReplaceKeyPrefixWith": "b"}}])
    with fails("InvalidRequest", 400):
        put(IndexDocument=index, RoutingRules=[{"Redirect": {"HttpRedirectCode": "200"}}])
    with fails("InvalidRequest", 400):
        put(IndexDocument=index, RoutingRules=[{"Condition": {"HttpErrorCodeReturnedEquals": "200"}, "Redirect": {"HostName": "x"}}])
    assert s3.delete_bucket_website(Bucket=bucket)["ResponseMetadata"]["HTTPStatusCode"] == 204
