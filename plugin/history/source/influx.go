package source

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"

	"telegraf-rtnetlink/plugin/history"
)

// influxDB speaks InfluxQL to an InfluxDB 1.x over HTTP.
type influxDB struct {
	client *http.Client
	base   url.URL
	user   *url.Userinfo
	db, rp string
}

// newInflux reads influxdb://[user:password@]host[:8086]/database, with tls=true,
// ca=FILE, insecure=true and rp=POLICY behind a "?"; influxdbs:// is with TLS.
// Without a user INFLUX_USERNAME and INFLUX_PASSWORD are taken.
func newInflux(spec string) (*influxDB, error) {
	u, err := url.Parse(spec)
	if err != nil {
		return nil, errors.New("influxdb://…: not a URL; it looks like influxdb://user:password@host:8086/database")
	}
	db := strings.Trim(u.Path, "/")
	if db == "" || u.Host == "" {
		return nil, fmt.Errorf("%s: want influxdb://host:8086/database", u.Redacted())
	}
	if u.Port() == "" {
		u.Host += ":8086"
	}
	q := u.Query()
	for k := range q {
		if k != "tls" && k != "ca" && k != "insecure" && k != "rp" {
			return nil, fmt.Errorf("%s: unknown option %q (choices: tls, ca, insecure, rp)", u.Redacted(), k)
		}
	}
	i := &influxDB{db: db, rp: q.Get("rp"), user: u.User, base: url.URL{Scheme: "http", Host: u.Host}}
	if i.user == nil && os.Getenv("INFLUX_USERNAME") != "" {
		i.user = url.UserPassword(os.Getenv("INFLUX_USERNAME"), os.Getenv("INFLUX_PASSWORD"))
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	if u.Scheme == "influxdbs" || q.Get("tls") == "true" || q.Get("ca") != "" {
		i.base.Scheme = "https"
		transport.TLSClientConfig = &tls.Config{InsecureSkipVerify: q.Get("insecure") == "true", MinVersion: tls.VersionTLS12}
	}
	if ca := q.Get("ca"); ca != "" {
		pem, err := os.ReadFile(ca)
		if err != nil {
			return nil, err
		}
		transport.TLSClientConfig.RootCAs = x509.NewCertPool()
		if !transport.TLSClientConfig.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("%s: no certificate in it", ca)
		}
	}
	i.client = &http.Client{Transport: transport}
	return i, nil
}

// influxAnswer is a piece of an answer.
type influxAnswer struct {
	Error   string
	Results []struct {
		Error  string
		Series []struct {
			Name    string
			Columns []string
			Values  [][]any
		}
	}
}

// ask sends a query; the answer comes in pieces of rows.
func (i *influxDB) ask(ctx context.Context, query string) (*influxStream, error) {
	u := i.base
	u.Path = "/query"
	form := url.Values{"db": {i.db}, "q": {query}, "epoch": {"ns"}, "chunked": {"true"}, "chunk_size": {"5000"}}
	if i.rp != "" {
		form.Set("rp", i.rp)
	}
	u.RawQuery = form.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	if i.user != nil {
		password, _ := i.user.Password()
		req.SetBasicAuth(i.user.Username(), password)
	}
	resp, err := i.client.Do(req)
	if err != nil {
		var failed *url.Error
		if errors.As(err, &failed) {
			err = failed.Err // without the query
		}
		var unknown x509.UnknownAuthorityError
		if errors.As(err, &unknown) {
			err = fmt.Errorf("%w; ca=FILE names it, insecure=true does without", err)
		}
		return nil, fmt.Errorf("InfluxDB at %s: %w", i.base.Host, err)
	}
	dec := json.NewDecoder(resp.Body)
	dec.UseNumber()
	s := &influxStream{body: resp.Body, dec: dec, host: i.base.Host}
	if resp.StatusCode != http.StatusOK {
		defer resp.Body.Close()
		var a influxAnswer
		_ = dec.Decode(&a) // the status says enough
		if resp.StatusCode == http.StatusBadRequest && a.Error == "" && i.base.Scheme == "http" {
			a.Error = "it may be over HTTPS: influxdbs:// speaks TLS"
		}
		return nil, fmt.Errorf("InfluxDB at %s: %s: %s", i.base.Host, resp.Status, a.Error)
	}
	return s, nil
}

// influxStream is an answer, row by row.
type influxStream struct {
	body    io.ReadCloser
	dec     *json.Decoder
	host    string
	columns []string
	values  [][]any
}

// next returns a row's columns and values, nil at the end.
func (s *influxStream) next() ([]string, []any, error) {
	for len(s.values) == 0 {
		var a influxAnswer
		if err := s.dec.Decode(&a); errors.Is(err, io.EOF) {
			return nil, nil, nil
		} else if err != nil {
			return nil, nil, fmt.Errorf("InfluxDB at %s: %w", s.host, err)
		}
		if a.Error != "" {
			return nil, nil, fmt.Errorf("InfluxDB at %s: %s", s.host, a.Error)
		}
		for _, r := range a.Results {
			if r.Error != "" {
				return nil, nil, fmt.Errorf("InfluxDB at %s: %s", s.host, r.Error)
			}
			for _, series := range r.Series {
				s.columns = series.Columns
				s.values = append(s.values, series.Values...)
			}
		}
	}
	v := s.values[0]
	s.values = s.values[1:]
	if len(v) != len(s.columns) || len(v) == 0 {
		return nil, nil, fmt.Errorf("InfluxDB at %s: a row of %d values in %d columns", s.host, len(v), len(s.columns))
	}
	return s.columns, v, nil
}

// list returns the first column of an answer.
func (i *influxDB) list(ctx context.Context, query string) (out []string, err error) {
	s, err := i.ask(ctx, query)
	if err != nil {
		return nil, err
	}
	defer s.body.Close()
	for {
		_, v, err := s.next()
		if v == nil || err != nil {
			return out, err
		}
		out = append(out, fmt.Sprint(v[0]))
	}
}

// quote quotes a name in InfluxQL.
func quote(name string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(name) + `"`
}

// literal quotes a text in InfluxQL.
func literal(text string) string {
	return `'` + strings.NewReplacer(`\`, `\\`, `'`, `\'`, "\n", `\n`).Replace(text) + `'`
}

// influx hands out the rows of an InfluxDB.
func influx(ctx context.Context, spec string, o Options, add func(*history.Row) error) error {
	i, err := newInflux(spec)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	names, err := i.list(ctx, `SHOW MEASUREMENTS WITH MEASUREMENT =~ /^rtnetlink_/`)
	if err != nil {
		return err
	}
	if len(names) == 0 {
		return fmt.Errorf("InfluxDB at %s: the database %q has no measurement rtnetlink_*", i.base.Host, i.db)
	}
	where := func(from, to int64) string {
		var c []string
		if from != 0 {
			c = append(c, fmt.Sprintf("time >= %d", from))
		}
		if to != 0 && to != history.Newest {
			c = append(c, fmt.Sprintf("time <= %d", to))
		}
		if o.Host != "" {
			c = append(c, `"host" = `+literal(o.Host))
		}
		if len(c) == 0 {
			return ""
		}
		return " WHERE " + strings.Join(c, " AND ")
	}
	s := newStart(o.From)
	sync, err := i.cursor(ctx, "rtnetlink_sync", where(0, o.From))
	if err != nil {
		return err
	}
	for {
		var r history.Row
		more, err := sync.next(&r)
		if err != nil {
			return err
		}
		if !more {
			break
		}
		s.add(&r)
	}
	var cursors []cursor
	for _, name := range names {
		c, err := i.cursor(ctx, name, where(s.from(), 0))
		if err != nil {
			return err
		}
		defer c.close()
		cursors = append(cursors, c)
	}
	return merge(cursors, add)
}

// influxCursor reads the rows of a measurement.
type influxCursor struct {
	*influxStream
	name string
	tags map[string]bool
}

func (i *influxDB) cursor(ctx context.Context, name, where string) (*influxCursor, error) {
	c := &influxCursor{name: name, tags: map[string]bool{}}
	tags, err := i.list(ctx, "SHOW TAG KEYS FROM "+quote(name))
	if err != nil {
		return nil, err
	}
	for _, t := range tags {
		c.tags[t] = true
	}
	c.influxStream, err = i.ask(ctx, "SELECT * FROM "+quote(name)+where)
	return c, err
}

func (c *influxCursor) close() { _ = c.body.Close() }

func (c *influxCursor) next(r *history.Row) (bool, error) {
	columns, values, err := c.influxStream.next()
	if values == nil || err != nil {
		return false, err
	}
	r.Reset()
	r.SetMeasurement([]byte(c.name))
	for i, name := range columns {
		switch v := values[i].(type) {
		case nil:
		case json.Number:
			if name == "time" {
				r.Time, err = v.Int64()
			} else {
				addValue(r, name, v)
			}
		case string:
			if c.tags[name] {
				if v != "" { // what a series lacks
					r.Tag([]byte(name), []byte(v))
				}
			} else {
				addValue(r, name, v)
			}
		default:
			addValue(r, name, v)
		}
	}
	return true, err
}
