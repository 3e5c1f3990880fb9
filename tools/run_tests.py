"""Runs the unit tests (doctest programs) and the black-box tests (pytest) of one build, and counts them.

The last line is "N passed, N failed", before it the names of what failed; the exit code is 0 when none failed. With
--counts FILE the two numbers are also written there, and the names below them, for .ci/run to add up.
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


def run(command, env):
    """The command's exit code and output; the output is shown as well."""
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    lines = []
    for line in process.stdout:
        sys.stdout.write(line)
        lines.append(line)
    sys.stdout.flush()
    return process.wait(), "".join(lines)


def unit_tests(build, env, names):
    passed = failed = 0
    programs = sorted(build.glob("virga_*_test"))
    if not programs:
        print("no unit test programs were built")
        return 0, 1
    for program in programs:
        print(f"== {program.name}")
        code, output = run([str(program), "--no-version=true"], env)
        counts = re.search(r"test cases:\s*\d+ \|\s*(\d+) passed \|\s*(\d+) failed", output)
        passed += int(counts.group(1)) if counts else 0
        failed += int(counts.group(2)) if counts else 0
        if code != 0:
            names += sorted(set(re.findall(r"TEST CASE:\s*(.*)", output))) or [f"{program.name} ended with {code}"]
            if not (counts and int(counts.group(2))):
                failed += 1
    return passed, failed


def black_box_tests(build, env, arguments, names):
    folders = [f for f in ("tests/sdk", "tests/subsystem", "tests/crash") if (ROOT / f).is_dir()]
    env = {**env, "VIRGA": str(build / "virga")}
    code, output = run([sys.executable, "-m", "pytest", *folders, *arguments], env)
    summary = output.strip().splitlines()[-1] if output.strip() else ""
    count = lambda word: sum(int(n) for n in re.findall(rf"(\d+) {word}", summary))
    passed, failed = count("passed"), count("failed") + count("error")
    names += re.findall(r"^(?:FAILED|ERROR) (\S+)", output, re.MULTILINE)
    return passed, failed if code == 0 or failed else 1


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("preset")
    parser.add_argument("--counts")
    parser.add_argument("--only-unit", action="store_true", help="leave the black-box tests out")
    options, arguments = parser.parse_known_args()
    build = ROOT / "build" / options.preset
    env = {
        **os.environ,
        "ASAN_OPTIONS": "detect_leaks=1:abort_on_error=1:" + os.environ.get("ASAN_OPTIONS", ""),
        "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1",
        "TSAN_OPTIONS": f"halt_on_error=1:suppressions={ROOT}/tools/tsan.supp",
    }
    names = []
    unit = unit_tests(build, env, names)
    black_box = (0, 0) if options.only_unit else black_box_tests(build, env, arguments, names)
    passed, failed = unit[0] + black_box[0], unit[1] + black_box[1]
    if options.counts:
        pathlib.Path(options.counts).write_text("\n".join([f"{passed} {failed}", *names]) + "\n")
    for name in names:
        print(f"failed: {name}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
