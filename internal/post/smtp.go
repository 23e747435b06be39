package post

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// Server is where mails are handed over.
type Server struct {
	Host           string
	Port           int
	Security       string // "starttls", "tls" or "none"
	User, Password string // no user, no signing in
	Hello          string // name to greet with: the sender's domain
	Timeout        time.Duration
	TLS            *tls.Config // nil for the system's authorities
}

// lastPatience is how much longer than for any other answer the server may take
// for the last one: what breaks there is unclear and has to be asked about.
const lastPatience = 5

// Session is a connection to a server, signed in.
type Session struct {
	client *smtp.Client
	conn   *patient
}

// patient is a connection that waits no longer than its limit, whatever it is
// asked for: the client waits minutes for some answers.
type patient struct {
	net.Conn
	limit atomic.Int64
}

func (p *patient) SetDeadline(t time.Time) error {
	if limit := time.Now().Add(time.Duration(p.limit.Load())); t.IsZero() || t.After(limit) {
		t = limit
	}
	return p.Conn.SetDeadline(t)
}

// Read gives up on the connection where an answer didn't come in time: it would else
// be taken for the answer to what is asked next.
func (p *patient) Read(b []byte) (int, error) {
	n, err := p.Conn.Read(b)
	if slow := net.Error(nil); errors.As(err, &slow) && slow.Timeout() {
		err = errors.Join(err, ignoreClosed(p.Conn.Close()))
	}
	return n, err
}

// Dial connects, encrypts and signs in. Nothing was sent where it fails.
func (s Server) Dial(ctx context.Context) (*Session, error) {
	address := net.JoinHostPort(s.Host, strconv.Itoa(s.Port))
	dialer := net.Dialer{Timeout: s.Timeout}
	raw, err := dialer.DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("connecting to %s: %w", address, err)
	}
	conn := &patient{Conn: raw}
	conn.limit.Store(int64(s.Timeout))
	if err := conn.SetDeadline(time.Time{}); err != nil {
		return nil, errors.Join(err, raw.Close())
	}
	client, err := s.greet(ctx, conn)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", address, err), ignoreClosed(raw.Close()))
	}
	return &Session{client, conn}, nil
}

// greet gives a client that is ready for mails.
func (s Server) greet(ctx context.Context, conn net.Conn) (*smtp.Client, error) {
	config := &tls.Config{}
	if s.TLS != nil {
		config = s.TLS.Clone()
	}
	config.ServerName = s.Host
	var client *smtp.Client
	switch s.Security {
	case "none":
		client = smtp.NewClient(conn)
	case "tls":
		secure := tls.Client(conn, config)
		if err := secure.HandshakeContext(ctx); err != nil {
			return nil, fmt.Errorf("encrypting: %w", err)
		}
		client = smtp.NewClient(secure)
	default:
		var err error
		if client, err = smtp.NewClientStartTLS(conn, config); err != nil {
			return nil, fmt.Errorf("encrypting (starttls): %w", said(err))
		}
	}
	if err := client.Hello(s.Hello); err != nil {
		return nil, fmt.Errorf("greeting: %w", said(err))
	}
	if s.User == "" {
		return client, nil
	}
	_, ways := client.Extension("AUTH")
	auth := sasl.NewPlainClient("", s.User, s.Password)
	if words := strings.Fields(strings.ToUpper(ways)); slices.Contains(words, "LOGIN") && !slices.Contains(words, "PLAIN") {
		auth = sasl.NewLoginClient(s.User, s.Password)
	}
	if err := client.Auth(auth); err != nil {
		return nil, fmt.Errorf("signing in as %q: %w", s.User, said(err))
	}
	return client, nil
}

// ignoreClosed drops the error of closing what is closed already.
func ignoreClosed(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// said gives a server's answer as one error line.
func said(err error) error {
	var answer *smtp.SMTPError
	if errors.As(err, &answer) {
		return errors.New(answerText(answer))
	}
	return err
}

func answerText(e *smtp.SMTPError) string {
	text := strconv.Itoa(e.Code)
	if e.EnhancedCode[0] > 0 {
		text += fmt.Sprintf(" %d.%d.%d", e.EnhancedCode[0], e.EnhancedCode[1], e.EnhancedCode[2])
	}
	return text + " " + strings.Join(strings.Fields(e.Message), " ")
}

// Fate is what became of one attempt: Sent, Refused, PutOff, Broken or Unclear.
type Fate struct {
	Event Event
	Words string // what the server, or the connection, said
}

// Deliver hands a mail over for one recipient. After Broken and Unclear the
// session is of no use any more.
func (s *Session) Deliver(from, to string, data []byte) Fate {
	if err := s.client.Mail(from, nil); err != nil {
		return s.failed(err, Broken)
	}
	if err := s.client.Rcpt(to, nil); err != nil {
		return s.failed(err, Broken)
	}
	w, err := s.client.Data()
	if err != nil {
		return s.failed(err, Broken)
	}
	// Until the dot on a line of its own, the server has no whole mail and must
	// not deliver it (RFC 5321, 4.1.1.4).
	if _, err := w.Write(data); err != nil {
		return s.failed(err, Broken)
	}
	limit := s.conn.limit.Load()
	s.conn.limit.Store(lastPatience * limit)
	defer s.conn.limit.Store(limit)
	answer, err := w.CloseWithResponse()
	if err != nil {
		return s.failed(err, Unclear)
	}
	return Fate{Sent, "250 " + strings.Join(strings.Fields(answer.StatusText), " ")}
}

// failed tells a server's answer from a broken connection.
func (s *Session) failed(err error, broken Event) Fate {
	var answer *smtp.SMTPError
	if !errors.As(err, &answer) {
		return Fate{broken, err.Error()}
	}
	fate := Fate{Refused, answerText(answer)}
	switch {
	case answer.Temporary():
		fate.Event = PutOff
	case answer.Code < 400 || answer.Code > 599:
		// A yes where none was asked for: the answers are out of step with the questions.
		s.Close()
		return Fate{broken, fate.Words}
	}
	// 421 says that the server hangs up; what can't be reset is broken, too.
	if answer.Code == 421 || s.client.Reset() != nil {
		fate.Words += " (connection closed)"
		s.Close()
	}
	return fate
}

// Alive reports whether the server still answers.
func (s *Session) Alive() bool { return s != nil && s.client.Noop() == nil }

// Close says goodbye. What fails then harms no mail.
func (s *Session) Close() {
	if s != nil && s.client.Quit() != nil {
		_ = s.client.Close()
	}
}
