# Sourced by ./run, ./test and .ci/run: installs what is missing on a Debian 12, once.

say() { printf '%s\n' "$*" >&2; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo "$@"; else
        say "Missing packages must be installed as root: $*"
        exit 1
    fi
}

# need_packages <debian package>...
need_packages() {
    missing=""
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
    done
    [ -z "$missing" ] && return 0
    say "Installing:$missing"
    as_root apt-get -qq update
    # shellcheck disable=SC2086
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $missing >/dev/null
}

# need_command <command> <debian package>...: the packages only when the command is not there in another way.
need_command() {
    command -v "$1" >/dev/null && return 0
    shift
    need_packages "$@"
}

# Packages that single tests need: where they cannot be had, those tests say so and are skipped.
want_packages() {
    need_packages "$@" || say "Not installed: $*"
}

need_build_tools() {
    need_command g++ g++
    need_command cmake cmake
    need_command ninja ninja-build
    need_command python3 python3
    need_packages ccache mold libboost1.81-dev libsqlite3-dev libfmt-dev libcli11-dev libpcre2-dev libpugixml-dev libnghttp2-dev libabsl-dev tzdata
    need_packages libssl-dev zlib1g-dev libzstd-dev libsnappy-dev libjq-dev libxxhash-dev
}

# A virtual environment with the pinned Python packages of tests/requirements.txt, in .venv.
need_python_packages() {
    if [ ! -x .venv/bin/python ]; then
        python3 -m venv .venv 2>/dev/null || { need_packages python3-venv; rm -rf .venv; python3 -m venv .venv; }
    fi
    stamp=.venv/requirements.installed
    if ! cmp -s tests/requirements.txt "$stamp"; then
        say "Installing Python packages"
        .venv/bin/python -m pip -q --disable-pip-version-check install -r tests/requirements.txt
        cp tests/requirements.txt "$stamp"
    fi
}

# The pinned node packages of a folder with a package-lock.json.
need_node_packages() {
    need_command node nodejs
    need_command npm npm
    stamp="$1/node_modules/.installed"
    if ! cmp -s "$1/package-lock.json" "$stamp"; then
        say "Installing node packages for $1"
        (cd "$1" && npm ci --no-audit --no-fund --loglevel=error >/dev/null)
        cp "$1/package-lock.json" "$stamp"
    fi
}

# The classes of a folder with a pom.xml in its target/classes, and the pinned packages they stand on in target/dependency.
need_java_classes() {
    need_command javac openjdk-17-jdk-headless
    need_command mvn maven
    stamp="$1/target/built"
    sum=$(find "$1/pom.xml" "$1/src" -type f | sort | xargs cat | cksum)
    if [ "$(cat "$stamp" 2>/dev/null)" != "$sum" ]; then
        say "Building $1"
        rm -rf "$1/target"
        mvn -q -B -f "$1/pom.xml" compile dependency:copy-dependencies -DincludeScope=runtime >&2
        echo "$sum" >"$stamp"
    fi
}

# The programs of a folder with a go.mod, one in each of its folders, in its bin. The SDK needs Go 1.23, which Debian 12 has in its backports.
need_go_programs() {
    minor=$(go env GOVERSION 2>/dev/null | sed 's/^go1\.\([0-9]*\).*/\1/')
    if [ "${minor:-0}" -lt 23 ]; then
        backports=/etc/apt/sources.list.d/bookworm-backports.list
        [ -e "$backports" ] || echo "deb http://deb.debian.org/debian bookworm-backports main" | as_root tee "$backports" >/dev/null
        need_packages golang-1.23-go
        PATH=/usr/lib/go-1.23/bin:$PATH
    fi
    (cd "$1" && GOTOOLCHAIN=local CGO_ENABLED=0 go build -o bin/ ./...) >&2
}

# build <preset> <target>...   VIRGA_PROTOCOL_VECTORS may name the folder of the public protocol vectors, for their tests.
build() {
    preset=$1
    shift
    if [ -n "${VIRGA_PROTOCOL_VECTORS:-}" ]; then cmake --preset "$preset" "-DVIRGA_PROTOCOL_VECTORS=$VIRGA_PROTOCOL_VECTORS" >/dev/null
    elif [ ! -f "build/$preset/build.ninja" ]; then cmake --preset "$preset" >/dev/null; fi
    cmake --build "build/$preset" --target "$@" >&2
}
