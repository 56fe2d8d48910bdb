#!/usr/bin/env bash
# Builds a Telegraf with this input compiled in.
#
#   scripts/build-telegraf.sh [-o FILE] [-p PLUGINS] [-s]
#
#   -o FILE     where to write the binary; ./telegraf if not given
#   -p PLUGINS  Telegraf's own plugins to build in, comma-separated, as
#               inputs.cpu,outputs.kafka,processors.starlark. "all" is every
#               plugin: over 4 GB of modules and many minutes. If not given:
#               the list that -h prints
#   -s          stock: leave this input out, to run it under inputs.execd
#
# Needs Go and a module proxy, nothing else: Telegraf's source comes as a
# module, at the version that this checkout's go.mod requires; one file that
# imports the input is added to a copy of it. The first build takes 1.5 to 2
# minutes on 2 cores, later ones seconds.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
out=telegraf
stock=
plugins=inputs.cpu,inputs.disk,inputs.execd,inputs.file,inputs.internal,inputs.mem,inputs.net,inputs.nstat,inputs.system
plugins+=,outputs.execd,outputs.file,outputs.http,outputs.influxdb,outputs.influxdb_v2,outputs.mqtt,outputs.prometheus_client
plugins+=,processors.converter,processors.enum,processors.filter,processors.override,processors.regex,processors.rename,processors.starlark
plugins+=,aggregators.basicstats,aggregators.final,aggregators.merge
plugins+=,parsers.influx,parsers.json_v2,serializers.influx,serializers.json

usage() {
	sed -n '2,/^set -/s/^# \{0,1\}//p' "$0"
	printf 'Plugins built in without -p:\n%s\n' "$plugins" | tr , '\n'
}

while getopts o:p:sh opt; do
	case $opt in
	o) out=$OPTARG ;;
	p) plugins=$OPTARG ;;
	s) stock=yes ;;
	h) usage; exit 0 ;;
	*) usage >&2; exit 2 ;;
	esac
done
shift $((OPTIND - 1))
if [ $# -gt 0 ]; then
	echo "build-telegraf.sh: unexpected argument \"$1\"; see -h" >&2
	exit 2
fi
if [ -d "$out" ]; then
	echo "build-telegraf.sh: -o \"$out\" is a directory, give the name of a file" >&2
	exit 2
fi
mkdir -p "$(dirname "$out")"
out=$(cd "$(dirname "$out")" && pwd)/$(basename "$out")

work=$(mktemp -d "${TMPDIR:-/tmp}/build-telegraf.XXXXXX")
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT

cd "$root"
version=$(go list -m -f '{{.Version}}' github.com/influxdata/telegraf)
go mod download github.com/influxdata/telegraf
cp -r "$(go list -m -f '{{.Dir}}' github.com/influxdata/telegraf)" "$work/telegraf"
chmod -R u+w "$work/telegraf"
cd "$work/telegraf"

# An unknown name would be left out in silence: a build tag that nothing asks for.
tags=
if [ "$plugins" != all ]; then
	tags=custom,$plugins
	for p in ${plugins//,/ }; do
		if [ ! -f "plugins/${p%%.*}/all/${p#*.}.go" ]; then
			echo "build-telegraf.sh: Telegraf $version has no plugin \"$p\"; names look like inputs.cpu or outputs.kafka" >&2
			exit 2
		fi
	done
fi

ldflags="-s -w -X github.com/influxdata/telegraf/internal.Version=${version#v}"
if [ -z "$stock" ]; then
	printf 'package all\n\nimport _ "telegraf-rtnetlink/plugin" // register plugin\n' >plugins/inputs/all/rtnetlink.go
	go mod edit -require=telegraf-rtnetlink@v0.0.0 -replace="telegraf-rtnetlink=$root"
	ldflags+="+rtnetlink"
fi
CGO_ENABLED=0 go build -mod=mod -trimpath -tags "$tags" -ldflags "$ldflags" -o "$out" ./cmd/telegraf
echo "$out: $("$out" version)"
