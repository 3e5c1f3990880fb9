"""The other servers of S3 that objects.py measures virga beside. What cannot be installed is said and left out."""
import contextlib
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
BINARIES = HERE.parents[1] / "build" / "peers"
VERSITYGW = "github.com/versity/versitygw/cmd/versitygw@v1.8.0"
MINIO = "github.com/minio/minio@v0.0.0-20251015172955-9e49d5e7a648"
INSTALL_SECONDS = int(os.environ.get("BENCH_INSTALL_SECONDS", "600"))
ACCESS, SECRET = "S3RVER", "S3RVER"  # s3rver knows no other
MINIO_SECRET = SECRET + "-long"      # of at least 8 characters


def go_binary(module):
    """The program of a Go module, built once; None when that does not work here."""
    name = module.split("@")[0].rsplit("/", 1)[1]
    if not (BINARIES / name).exists():
        if not shutil.which("go"):
            return None
        with contextlib.suppress(subprocess.SubprocessError):
            subprocess.run(["go", "install", module], env={**os.environ, "GOBIN": str(BINARIES)}, check=True, capture_output=True, timeout=INSTALL_SECONDS)
    return BINARIES / name if (BINARIES / name).exists() else None


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def versitygw(folder, port):
    objects, metadata = pathlib.Path(folder, "objects"), pathlib.Path(folder, "metadata")
    objects.mkdir(), metadata.mkdir()
    return [go_binary(VERSITYGW), "--access", ACCESS, "--secret", SECRET, "--port", f"127.0.0.1:{port}", "posix", "--sidecar", metadata, objects], {}


def minio(folder, port):
    return [go_binary(MINIO), "server", "--quiet", "--address", f"127.0.0.1:{port}", folder], {"MINIO_ROOT_USER": ACCESS, "MINIO_ROOT_PASSWORD": MINIO_SECRET}


def s3rver(folder, port):
    source = HERE / "s3rver"
    if not (source / "node_modules").is_dir():
        if subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"], cwd=source, stdout=subprocess.DEVNULL, timeout=INSTALL_SECONDS).returncode:
            return [None], {}
    return ["node", source / "node_modules/s3rver/bin/s3rver.js", "-s", "-d", folder, "-a", "127.0.0.1", "-p", port], {}


# Name: what tells its command (the first word None where it cannot be installed) and environment, and its secret.
PEERS = {"versitygw": (versitygw, SECRET), "MinIO": (minio, MINIO_SECRET), "s3rver": (s3rver, SECRET)}


@contextlib.contextmanager
def running(command, env, port):
    process = subprocess.Popen([str(word) for word in command], env={**os.environ, **env}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            assert process.poll() is None, f"{command[0]} ended"
            time.sleep(0.05)
        time.sleep(1)  # some listen before they are ready
        yield
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:  # some wait for their clients first
            process.kill()
            process.wait()


def measured(measure):
    """{name: measure(port, secret)} of each server that can be installed, one after the other; a line for each that cannot."""
    results = {}
    for name, (describe, secret) in PEERS.items():
        with tempfile.TemporaryDirectory() as folder:
            port = free_port()
            command, env = describe(folder, port)
            if not command[0]:
                print(f"objects: {name} cannot be installed here", flush=True)
                continue
            with running(command, env, port):
                results[name] = measure(port, secret)
    return results
