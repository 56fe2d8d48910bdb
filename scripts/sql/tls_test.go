package sql

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/plugin/history"
	"telegraf-rtnetlink/plugin/history/source"
)

// authority makes a certificate of an authority and, signed by it, one of a server
// that is called localhost. They return the files: the authority's, the server's
// and its key.
func authority(t *testing.T, dir string) (ca, cert, key string) {
	t.Helper()
	caKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	issuer := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "an authority of " + dir}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	caDER, err := x509.CreateCertificate(rand.Reader, issuer, issuer, caKey.Public(), caKey)
	require.NoError(t, err)
	own, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "localhost"}, NotBefore: issuer.NotBefore,
		NotAfter: issuer.NotAfter, DNSNames: []string{"localhost"}, KeyUsage: x509.KeyUsageDigitalSignature}, issuer, own.Public(), caKey)
	require.NoError(t, err)
	keyDER, err := x509.MarshalPKCS8PrivateKey(own)
	require.NoError(t, err)
	write := func(name, kind string, der []byte) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600))
		return path
	}
	return write("ca.pem", "CERTIFICATE", caDER), write("server.pem", "CERTIFICATE", der), write("server.key", "PRIVATE KEY", keyDER)
}

// TestSSLMode: the modes of a URL's sslmode do what libpq's do, and what fails says
// why.
func TestSSLMode(t *testing.T) {
	needE2E(t)
	dir, other := t.TempDir(), t.TempDir()
	ca, cert, key := authority(t, dir)
	wrong, _, _ := authority(t, other)
	secure := server(t, func(data string) []string {
		require.NoError(t, os.WriteFile(filepath.Join(data, "pg_hba.conf"), []byte("local all all trust\nhostssl all all all trust\n"), 0o600))
		for _, path := range []string{cert, key} { // the server's own, as it wants them
			to := filepath.Join(data, filepath.Base(path))
			require.NoError(t, os.WriteFile(to, []byte(read(t, path)), 0o600))
			if os.Getuid() == 0 {
				require.NoError(t, os.Chown(to, 65534, 65534))
			}
		}
		return []string{"-c", "ssl=on", "-c", "ssl_cert_file=server.pem", "-c", "ssl_key_file=server.key"}
	})
	plain := server(t)
	for _, url := range []string{secure, plain} {
		conn, err := pgx.Connect(context.Background(), url)
		require.NoError(t, err)
		_, err = conn.Exec(context.Background(), `CREATE TABLE rtnetlink_route ("time" timestamp, host text, action text, key text, seq bigint);
			INSERT INTO rtnetlink_route VALUES ('2026-01-01', 'r1', 'new', '0000000000000001', 1)`)
		require.NoError(t, err)
		require.NoError(t, conn.Close(context.Background()))
	}
	named := strings.Replace(secure, "127.0.0.1", "localhost", 1)
	for name, tt := range map[string]struct{ url, says string }{
		"no mode":                              {secure, ""},
		"without TLS where it is wanted":       {secure + "?sslmode=disable", "no encryption"},
		"any certificate":                      {secure + "?sslmode=require", ""},
		"one of the authority":                 {secure + "?sslmode=verify-ca&sslrootcert=" + ca, ""},
		"require, with an authority":           {secure + "?sslmode=require&sslrootcert=" + wrong, "unknown authority"},
		"one of another authority":             {secure + "?sslmode=verify-ca&sslrootcert=" + wrong, "unknown authority"},
		"the server's name":                    {named + "?sslmode=verify-full&sslrootcert=" + ca, ""},
		"another name than the server's":       {secure + "?sslmode=verify-full&sslrootcert=" + ca, "127.0.0.1"},
		"the name, from another authority":     {named + "?sslmode=verify-full&sslrootcert=" + wrong, "unknown authority"},
		"the name, from none that is known":    {named + "?sslmode=verify-full", "unknown authority"},
		"an authority's file that is missing":  {named + "?sslmode=verify-full&sslrootcert=" + ca + "x", "no such file"},
		"a mode that there is not":             {secure + "?sslmode=always", "sslmode is invalid"},
		"nobody there":                         {"postgres://u:secret@localhost:1/x", "failed to connect to `user=u database=x`: "},
		"a server without TLS":                 {plain + "?sslmode=require", "server refused TLS connection"},
		"a server without TLS, if it has none": {plain + "?sslmode=prefer", ""},
		"a server without TLS, verified":       {plain + "?sslmode=verify-full&sslrootcert=" + ca, "server refused TLS connection"},
	} {
		t.Run(name, func(t *testing.T) {
			rows := 0
			err := source.Read(context.Background(), []string{tt.url}, source.Options{To: history.Newest, Notes: &source.Notes{}}, func(*history.Row) error {
				rows++
				return nil
			})
			if tt.says == "" {
				require.NoError(t, err)
				require.Equal(t, 1, rows)
				return
			}
			require.ErrorContains(t, err, tt.says)
			require.NotContains(t, err.Error(), "\n", "one line")
			require.NotContains(t, err.Error(), "secret")
			require.Zero(t, rows)
		})
	}
}
