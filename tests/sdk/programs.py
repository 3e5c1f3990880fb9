"""Programs that speak to virga through the SDKs of other languages: ./test builds them."""
import pathlib
import subprocess

import pytest

FOLDER = pathlib.Path(__file__).parent


def _built(path):
    if not path.exists():
        pytest.fail(f"{path} is not there: ./test builds it")
    return path


def java(program, *arguments):
    """The command of a class of tests/sdk/java."""
    target = FOLDER / "java" / "target"
    path = f"{target}/classes:{_built(target / 'dependency')}/*"
    return ["java", "-XX:TieredStopAtLevel=1", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp", path, f"virga.{program}", *arguments]


def go(program, *arguments):
    """The command of a folder of tests/sdk/go."""
    return [_built(FOLDER / "go" / "bin" / program), *arguments]


def node(script, *arguments):
    """The command of a script of tests/sdk/js."""
    _built(FOLDER / "js" / "node_modules")
    return ["node", FOLDER / "js" / script, *arguments]


def output(command):
    """What a program prints when it ends well."""
    run = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stderr
    return run.stdout
