#!/bin/sh
# Installs what ./tuli bench compare can be run beside, into bench/peers/target: nothing else on the
# machine is changed, nothing is started, and no build or test ever runs this.
#
#   Debian packages  redis-server, nats-server (downloaded with apt-get, unpacked, not installed)
#   npm              fero; and feathers-distributed with what it needs, in gateway/kit/original
#   Maven Central    the clients of NATS, Kafka, JeroMQ and Hazelcast, and Kafka itself
#
# Usage: bench/install-peers.sh [debian|npm|maven]...   all three unless said
set -eu
here=$(cd "$(dirname "$0")/.." && pwd -P)
target=$here/bench/peers/target
mkdir -p "$target"

debian() {
    packages=$target/packages
    mkdir -p "$packages/partial" "$target/debian"
    apt-get -y -qq --download-only --no-install-recommends --reinstall \
        -o Dir::Cache::archives="$packages" -o Debug::NoLocking=1 install redis-server nats-server
    for package in "$packages"/*.deb; do
        dpkg-deb -x "$package" "$target/debian"
    done
}

npm_packages() {
    npm install --silent --no-audit --no-fund --prefix "$target" fero@1.7.1
    (cd "$here/gateway/kit/original" && npm ci --silent --no-audit --no-fund)
}

maven() {
    JAVA_HOME=$("$here/bin/pick-jdk.sh" 21 25)
    export JAVA_HOME
    (cd "$here" && mvn -B -ntp -q -P 'peers,!checkers' -pl bench/peers -am package \
        -Dmaven.test.skip=true)
}

[ $# -gt 0 ] || set -- debian npm maven
for source in "$@"; do
    case $source in
    debian) debian ;;
    npm) npm_packages ;;
    maven) maven ;;
    *) echo "install-peers: there is no source $source" >&2 && exit 2 ;;
    esac
    echo "install-peers: $source done"
done
