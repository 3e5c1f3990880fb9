"""A page in a real browser: presigned URLs and a form, across origins, so that nothing works without the bucket's CORS rules."""
import http.server
import json
import re
import shutil
import subprocess
import threading

import pytest

from s3_support import body, bucket, s3  # noqa: F401  (fixtures)

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

PAGE = """<!doctype html><meta charset="utf-8"><title>working</title><pre id="told"></pre><script>
const given = %s;
const told = {};
async function attempt(name, work) { try { told[name] = await work(); } catch (e) { told[name] = 'failed: ' + e.message; } }
(async () => {
  await attempt('put', async () => (await fetch(given.put, { method: 'PUT', body: 'grüße', headers: { 'x-amz-meta-from': 'page' } })).status);
  await attempt('get', async () => { const r = await fetch(given.get); return [r.status, await r.text(), r.headers.get('ETag'), r.headers.get('x-amz-version-id')]; });
  await attempt('form', async () => {
    const form = new FormData();
    for (const [name, value] of Object.entries(given.form.fields)) form.append(name, value);
    form.append('file', new Blob(['of the form']), 'picture.png');
    const r = await fetch(given.form.url, { method: 'POST', body: form });
    return [r.status, await r.text()];
  });
  await attempt('closed', async () => (await fetch(given.closed)).status);
  document.getElementById('told').textContent = JSON.stringify(told);
})();
</script>"""


@pytest.fixture
def site():
    """site(page): where a browser finds it."""
    pages = {}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            text = pages.get(self.path, "").encode()
            self.send_response(200 if text else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *arguments):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}", pages
    server.shutdown()
    server.server_close()


@pytest.mark.skipif(not CHROMIUM, reason="no chromium")
def test_a_page_uploads_and_downloads_across_origins(aws, bucket, site, tmp_path):
    origin, pages = site
    s3 = aws("s3", signature_version="s3v4")
    closed = bucket + "-closed"
    s3.create_bucket(Bucket=closed)
    s3.put_object(Bucket=closed, Key="k", Body=b"x")
    s3.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": [
        {"AllowedOrigins": [origin], "AllowedMethods": ["GET", "PUT", "POST"], "AllowedHeaders": ["*"], "ExposeHeaders": ["ETag"]}]})
    given = {
        "put": s3.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": "from page", "Metadata": {"from": "page"}}),
        "get": s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "from page"}),
        "form": s3.generate_presigned_post(bucket, "forms/${filename}", Fields={"success_action_status": "201"}, Conditions=[{"success_action_status": "201"}]),
        "closed": s3.generate_presigned_url("get_object", Params={"Bucket": closed, "Key": "k"}),
    }
    pages["/"] = PAGE % json.dumps(given)
    command = [CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", f"--user-data-dir={tmp_path}/profile",
               "--virtual-time-budget=20000", "--dump-dom", origin + "/"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    told = json.loads(re.search(r'<pre id="told">(.*?)</pre>', done.stdout, re.S).group(1).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
    etag = s3.head_object(Bucket=bucket, Key="from page")["ETag"]
    assert told["put"] == 200
    assert told["get"] == [200, "grüße", etag, None]  # only what is exposed is seen
    assert told["form"][0] == 201 and "<Key>forms/picture.png</Key>" in told["form"][1]
    assert told["closed"].startswith("failed")  # the answer came, the browser keeps it from the page
    assert body(s3.get_object(Bucket=bucket, Key="forms/picture.png")) == b"of the form"
    assert s3.head_object(Bucket=bucket, Key="from page")["Metadata"] == {"from": "page"}
