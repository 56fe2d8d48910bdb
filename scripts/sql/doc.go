// Package sql tests the scripts beside it with a PostgreSQL and a Telegraf.
package sql
