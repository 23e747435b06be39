package main

import (
	"errors"
	"fmt"
	"io"
	"net"
	netmail "net/mail"
	"os"
	"strings"
	"sync"

	"github.com/emersion/go-smtp"
	"github.com/rogpeppe/go-internal/testscript"
)

// mailServer is a real SMTP server on loopback that writes down what it takes.
// What goes wrong stands in the recipient's address: refuse@, later@ (put off the
// first time), hangup@ (the connection breaks after the text, delivered or not
// nobody knows).
type mailServer struct {
	mu    sync.Mutex
	asked map[string]int
	taken func(to string, data []byte) // before the answer
	port  string
	close func()
}

type mailServerSession struct {
	s    *mailServer
	conn *smtp.Conn
	to   string
}

func (s *mailServer) NewSession(c *smtp.Conn) (smtp.Session, error) {
	return &mailServerSession{s: s, conn: c}, nil
}
func (m *mailServerSession) Mail(string, *smtp.MailOptions) error { return nil }
func (m *mailServerSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	m.to = to
	m.s.mu.Lock()
	defer m.s.mu.Unlock()
	m.s.asked[to]++
	switch who, _, _ := strings.Cut(to, "@"); {
	case who == "refuse":
		return &smtp.SMTPError{Code: 550, Message: "no such user"}
	case who == "later" && m.s.asked[to] == 1:
		return &smtp.SMTPError{Code: 451, Message: "come back"}
	}
	return nil
}
func (m *mailServerSession) Data(r io.Reader) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	m.s.mu.Lock()
	defer m.s.mu.Unlock()
	m.s.taken(m.to, data)
	if strings.HasPrefix(m.to, "hangup@") {
		return errors.Join(errors.New("hung up"), m.conn.Conn().Close())
	}
	return nil
}
func (m *mailServerSession) Reset()        {}
func (m *mailServerSession) Logout() error { return nil }

// silent drops what the server says about connections that break.
type silent struct{}

func (silent) Printf(string, ...any) {}
func (silent) Println(...any)        {}

// serveMail starts a server.
func serveMail(taken func(to string, data []byte)) (*mailServer, error) {
	s := &mailServer{asked: map[string]int{}, taken: taken}
	server := smtp.NewServer(s)
	server.ErrorLog = silent{}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	_, s.port, _ = net.SplitHostPort(l.Addr().String())
	done := make(chan struct{})
	go func() { defer close(done); _ = server.Serve(l) }()
	// The listener is closed too: a server that is closed before its goroutine
	// came to run knows of no listener yet, and would wait at it for ever.
	s.close = func() { _ = server.Close(); _ = l.Close(); <-done }
	return s, nil
}

// mailServerCommand is `mailserver FILE` of the scripts: it starts a server that
// adds a line to the file for each mail that it takes, and puts its port for
// PORT into ./daybreak.yaml.
func mailServerCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: mailserver FILE")
	}
	file := ts.MkAbs(args[0])
	s, err := serveMail(func(to string, data []byte) {
		subject := ""
		if m, err := netmail.ReadMessage(strings.NewReader(string(data))); err == nil {
			subject = m.Header.Get("Subject") + " " + m.Header.Get("Message-Id") + " " + m.Header.Get("X-Unsent")
		}
		f, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
		if err == nil {
			_, err = fmt.Fprintln(f, to, subject)
			err = errors.Join(err, f.Close())
		}
		ts.Check(err)
	})
	ts.Check(err)
	ts.Defer(s.close)
	settings := ts.MkAbs(configFile)
	text, err := os.ReadFile(settings)
	ts.Check(err)
	ts.Check(os.WriteFile(settings, []byte(strings.ReplaceAll(string(text), "PORT", s.port)), 0o666))
}
