package testkit

// TelegrafPlugins is all of Telegraf that the tests of several packages need, for
// build-telegraf.sh: they share what they build, so it is one list.
const TelegrafPlugins = "inputs.execd,inputs.internal,outputs.file,outputs.influxdb,outputs.prometheus_client," +
	"parsers.influx,serializers.influx"
