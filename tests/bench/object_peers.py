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


@contextlib.contextmanager
def running(command, port, env=None):
    process = subprocess.Popen([str(c) for c in command], env={**os.environ, **(env or {})}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            assert process.poll() is None, f"{command[0]} ended"
            time.sleep(0.05)
        time.sleep(1)  # some listen before they are ready
        yield port
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def versitygw(folder):
    binary, port = go_binary(VERSITYGW), free_port()
    if not binary:
        yield None
        return
    objects, metadata = pathlib.Path(folder, "objects"), pathlib.Path(folder, "metadata")
    objects.mkdir(), metadata.mkdir()
    with running([binary, "--access", ACCESS, "--secret", SECRET, "--port", f"127.0.0.1:{port}", "posix", "--sidecar", metadata, objects], port):
        yield port


@contextlib.contextmanager
def minio(folder):
    binary, port = go_binary(MINIO), free_port()
    if not binary:
        yield None
        return
    with running([binary, "server", "--quiet", "--address", f"127.0.0.1:{port}", folder], port, {"MINIO_ROOT_USER": ACCESS, "MINIO_ROOT_PASSWORD": SECRET + "-long"}):
        yield port


@contextlib.contextmanager
def s3rver(folder):
    source = HERE / "s3rver"
    if not (source / "node_modules").is_dir():
        if subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"], cwd=source, stdout=subprocess.DEVNULL).returncode:
            yield None
            return
    port = free_port()
    with running(["node", source / "node_modules/s3rver/bin/s3rver.js", "-s", "-d", folder, "-a", "127.0.0.1", "-p", port], port):
        yield port


PEERS = {"versitygw": (versitygw, SECRET), "MinIO": (minio, SECRET + "-long"), "s3rver": (s3rver, SECRET)}


@contextlib.contextmanager
def all_of_them():
    """{name: (port, secret)} of those that run; a line for each that does not."""
    with contextlib.ExitStack() as cleanup:
        found = {}
        for name, (start, secret) in PEERS.items():
            port = cleanup.enter_context(start(cleanup.enter_context(tempfile.TemporaryDirectory())))
            if port:
                found[name] = (port, secret)
            else:
                print(f"objects: {name} cannot be installed here", flush=True)
        yield found
