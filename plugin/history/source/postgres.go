package source

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"telegraf-rtnetlink/plugin/history"
)

// pgTable is a table that outputs.postgresql fills.
type pgTable struct {
	schema, name string
	columns      []string // without time and previous_<field>
	hasSeq       bool
	hasHost      bool
}

// postgres hands out the rows of a PostgreSQL.
func postgres(ctx context.Context, url string, o Options, add func(*history.Row) error) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return oneLine{err} // names host and user, not the password
	}
	defer conn.Close(ctx)
	tables, err := pgTables(ctx, conn)
	if err != nil {
		return fmt.Errorf("PostgreSQL: %w", err)
	}
	if len(tables) == 0 {
		return fmt.Errorf("PostgreSQL: no table rtnetlink_* with a column time in the search path of %q", conn.Config().User)
	}
	from := int64(0)
	for _, t := range tables {
		if t.name != "rtnetlink_sync" {
			continue
		}
		s := newStart(o.From)
		if err := t.each(ctx, conn, o, 0, o.From, s.add); err != nil {
			return fmt.Errorf("PostgreSQL: %s: %w", t.name, err)
		}
		from = s.from()
	}
	var cursors []cursor
	defer func() {
		for _, c := range cursors {
			c.close()
		}
	}()
	for _, t := range tables { // a connection each: the rows of all come at once
		c, err := t.open(ctx, url, o, from)
		if err != nil {
			return fmt.Errorf("PostgreSQL: %s: %w", t.name, err)
		}
		cursors = append(cursors, c)
	}
	return merge(cursors, add)
}

// oneLine is an error of pgx, which has a line for each address and way that was
// tried, on one.
type oneLine struct{ error }

func (e oneLine) Unwrap() error { return e.error }

func (e oneLine) Error() string {
	lines := strings.Split(e.error.Error(), "\n\t")
	head, tried := lines[0], slices.Compact(lines[1:])
	if len(tried) == 0 {
		return head
	}
	return head + " " + strings.Join(tried, "; ")
}

// pgTables finds the tables. What is a tag, the columns do not say: those of
// text that hold no field of the contract do no harm as either.
func pgTables(ctx context.Context, conn *pgx.Conn) ([]pgTable, error) {
	rows, err := conn.Query(ctx, `SELECT table_schema, table_name, column_name FROM information_schema.columns c
		WHERE table_name LIKE 'rtnetlink\_%' AND table_schema = ANY (current_schemas(false))
		AND EXISTS (SELECT FROM information_schema.columns t WHERE (t.table_schema, t.table_name, t.column_name) = (c.table_schema, c.table_name, 'time'))
		AND EXISTS (SELECT FROM information_schema.tables t WHERE (t.table_schema, t.table_name, t.table_type) = (c.table_schema, c.table_name, 'BASE TABLE'))
		AND NOT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = format('%I.%I', table_schema, table_name)::regclass)
		ORDER BY 1, 2, ordinal_position`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []pgTable
	for rows.Next() {
		var schema, table, column string
		if err := rows.Scan(&schema, &table, &column); err != nil {
			return nil, err
		}
		if n := len(out); n == 0 || out[n-1].name != table || out[n-1].schema != schema {
			out = append(out, pgTable{schema: schema, name: table})
		}
		out[len(out)-1].column(column)
	}
	return out, rows.Err()
}

func (t *pgTable) column(name string) {
	switch {
	case name == "time" || strings.HasPrefix(name, "previous_"):
		return
	case name == "seq":
		t.hasSeq = true
	case name == "host":
		t.hasHost = true
	}
	t.columns = append(t.columns, name)
}

// query is the statement for the rows from one time to another, 0 for any.
func (t *pgTable) query(o Options, from, to int64) (string, []any) {
	list := `extract(epoch FROM "time")::numeric`
	for _, c := range t.columns {
		list += ", " + pgx.Identifier{c}.Sanitize()
	}
	var where []string
	var args []any
	limit := func(condition string, arg any) {
		args = append(args, arg)
		where = append(where, fmt.Sprintf(condition, len(args)))
	}
	if from != 0 {
		limit(`"time" >= $%d`, time.Unix(0, from).UTC().Truncate(time.Microsecond))
	}
	if to != 0 && to != history.Newest {
		limit(`"time" <= $%d`, time.Unix(0, to).UTC())
	}
	if o.Host != "" && t.hasHost {
		limit(`host = $%d`, o.Host)
	}
	sql := "SELECT " + list + " FROM " + pgx.Identifier{t.schema, t.name}.Sanitize()
	if len(where) > 0 {
		sql += " WHERE " + strings.Join(where, " AND ")
	}
	sql += ` ORDER BY "time"`
	if t.hasSeq {
		sql += ", seq"
	}
	return sql, args
}

// pgCursor reads the rows of a table.
type pgCursor struct {
	conn  *pgx.Conn
	rows  pgx.Rows
	table *pgTable
}

func (t *pgTable) open(ctx context.Context, url string, o Options, from int64) (*pgCursor, error) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return nil, err
	}
	sql, args := t.query(o, from, 0)
	rows, err := conn.Query(ctx, sql, args...)
	if err != nil {
		_ = conn.Close(ctx)
		return nil, err
	}
	return &pgCursor{conn, rows, t}, nil
}

// close gives up the rest of the rows with the connection.
func (c *pgCursor) close() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel() // a connection that is asked for nothing more need not say goodbye
	_ = c.conn.Close(ctx)
}

func (c *pgCursor) next(r *history.Row) (bool, error) {
	if !c.rows.Next() {
		return false, c.rows.Err()
	}
	values, err := c.rows.Values()
	if err != nil {
		return false, err
	}
	return true, c.table.fill(r, values)
}

// each calls f with the rows of a small table.
func (t *pgTable) each(ctx context.Context, conn *pgx.Conn, o Options, from, to int64, f func(*history.Row)) error {
	sql, args := t.query(o, from, to)
	rows, err := conn.Query(ctx, sql, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	var r history.Row
	for rows.Next() {
		values, err := rows.Values()
		if err != nil {
			return err
		}
		if err := t.fill(&r, values); err != nil {
			return err
		}
		f(&r)
	}
	return rows.Err()
}
