package post

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"math/big"
	"net"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// mailbox is a real SMTP server that behaves as a test wants.
type mailbox struct {
	mu       sync.Mutex
	got      []delivery
	asked    map[string]int // recipients and how often they were named
	server   *smtp.Server
	listener net.Listener

	user, password string
	// what goes wrong; nil for nothing
	onMail func() error
	onRcpt func(to string, times int) error
	onData func(to string) error // before the mail counts as delivered
	after  func(to string)       // when it counts, before the answer
}

type delivery struct {
	from, to string
	data     []byte
}

// errHangUp makes the server drop the connection.
var errHangUp = errors.New("hang up")

type mailSession struct {
	box      *mailbox
	conn     *smtp.Conn
	from, to string
}

func (b *mailbox) NewSession(c *smtp.Conn) (smtp.Session, error) {
	return &mailSession{box: b, conn: c}, nil
}
func (s *mailSession) AuthMechanisms() []string { return []string{sasl.Plain} }
func (s *mailSession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != s.box.user || password != s.box.password {
			return smtp.ErrAuthFailed
		}
		return nil
	}), nil
}
func (s *mailSession) wrong(err error) error {
	if errors.Is(err, errHangUp) {
		_ = s.conn.Conn().Close()
	}
	return err
}
func (s *mailSession) Mail(from string, _ *smtp.MailOptions) error {
	s.from = from
	if s.box.onMail != nil {
		return s.wrong(s.box.onMail())
	}
	return nil
}
func (s *mailSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = to
	s.box.mu.Lock()
	s.box.asked[to]++
	times := s.box.asked[to]
	s.box.mu.Unlock()
	if s.box.onRcpt != nil {
		return s.wrong(s.box.onRcpt(to, times))
	}
	return nil
}
func (s *mailSession) Data(r io.Reader) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if s.box.onData != nil {
		if err := s.box.onData(s.to); err != nil {
			return s.wrong(err)
		}
	}
	s.box.mu.Lock()
	s.box.got = append(s.box.got, delivery{s.from, s.to, data})
	s.box.mu.Unlock()
	if s.box.after != nil {
		s.box.after(s.to)
	}
	return nil
}
func (s *mailSession) Reset()        {}
func (s *mailSession) Logout() error { return nil }

// delivered lists to whom a mail went.
func (b *mailbox) delivered() (out []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, d := range b.got {
		out = append(out, d.to)
	}
	return out
}

// start serves on loopback and gives a client's settings for it.
func (b *mailbox) start(t *testing.T, security string) Server {
	t.Helper()
	certificate, roots := selfSigned(t)
	b.asked = map[string]int{}
	b.server = smtp.NewServer(b)
	b.server.Domain = "localhost"
	b.server.AllowInsecureAuth = false
	b.server.ErrorLog = quiet{}
	var err error
	if b.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	if security != "none" {
		b.server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{certificate}}
	}
	serve := b.listener
	if security == "tls" {
		serve = tls.NewListener(serve, b.server.TLSConfig)
	}
	done := make(chan struct{})
	go func() { defer close(done); _ = b.server.Serve(serve) }()
	// The listener is closed too: a server that is closed before its goroutine
	// came to run knows of no listener yet, and would wait at it for ever.
	t.Cleanup(func() { _ = b.server.Close(); _ = b.listener.Close(); <-done })
	_, port, _ := net.SplitHostPort(b.listener.Addr().String())
	number, _ := strconv.Atoi(port)
	return Server{Host: "127.0.0.1", Port: number, Security: security, Hello: "reisewerk.example", Timeout: time.Minute, TLS: &tls.Config{RootCAs: roots}}
}

// quiet drops what the server says about connections that the test breaks.
type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

func selfSigned(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, NotBefore: time.Unix(0, 0), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.ParseIP("127.0.0.1")}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, roots
}

// same reports whether what arrived is what was sent: the server adds nothing,
// and dots at the beginning of lines come through.
func same(a, b []byte) bool {
	return bytes.Equal(bytes.TrimRight(a, "\r\n"), bytes.TrimRight(b, "\r\n"))
}
