"""Plays the example subsystem on a virga of its own: `./run demo`."""
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "fixtures" / "bike-rental")]

import demo  # noqa: E402
from virga_process import Virga  # noqa: E402


def main():
    server = Virga(*sys.argv[1:])
    try:
        demo.play(demo.Cloud(server.endpoint, "000000000000"))
    finally:
        code = server.stop()
    return code


if __name__ == "__main__":
    sys.exit(main())
