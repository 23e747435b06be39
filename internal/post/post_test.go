package post

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/google/go-cmp/cmp"

	"daybreak/internal/model"
)

const body = "From: <a@reisewerk.example>\r\nSubject: x\r\n\r\nGuten Tag,\r\n.\r\n..zwei Punkte\r\nFrom hier\r\n"

// mails are one for each address.
func mails(to ...string) []Mail {
	var out []Mail
	for i, a := range to {
		out = append(out, Mail{Key: Key{Outcome: model.OutcomeDone, System: fmt.Sprintf("K%d", i+1), Lang: model.German, To: a}, From: "a@reisewerk.example", Data: []byte(body)})
	}
	return out
}

// office is a run whose log is kept in memory and whose waits are counted.
type office struct {
	log   []Line
	waits []time.Duration
	tick  int
	fail  func(Line) error
}

func (o *office) run(s Server) Run {
	return Run{
		Dial: s.Dial, Tell: func(Mail, Fate) {}, Rounds: 3, Pause: time.Second, Retry: time.Minute,
		Note: func(l Line) error {
			if o.fail != nil {
				if err := o.fail(l); err != nil {
					return err
				}
			}
			o.log = append(o.log, l)
			return nil
		},
		Wait: func(ctx context.Context, d time.Duration) error { o.waits = append(o.waits, d); return ctx.Err() },
		Now: func() time.Time {
			o.tick++
			return time.Date(2026, 11, 3, 7, 21, o.tick, 0, time.UTC)
		},
	}
}

// statuses reads the log from its text, as the next run would.
func (o *office) statuses(t *testing.T) map[Key]Status {
	t.Helper()
	var b strings.Builder
	for _, l := range o.log {
		b.WriteString(l.String() + "\n")
	}
	lines, wrong := Parse("x.log", b.String())
	if len(wrong) > 0 {
		t.Fatal(wrong)
	}
	return Statuses(lines)
}

func events(results []Result) (out []Event) {
	for _, r := range results {
		out = append(out, r.Event)
	}
	return out
}

func TestSendOverEachSecurity(t *testing.T) {
	for _, security := range []string{"starttls", "tls", "none"} {
		t.Run(security, func(t *testing.T) {
			box := &mailbox{user: "neues", password: "geheim ü"}
			server := box.start(t, security)
			if security != "none" {
				server.User, server.Password = box.user, box.password
			}
			o := &office{}
			results, err := o.run(server).Send(t.Context(), mails("k1@a.example", "k2@b.example"))
			if err != nil || !slices.Equal(events(results), []Event{Sent, Sent}) {
				t.Fatal(results, err)
			}
			if got := box.delivered(); !slices.Equal(got, []string{"k1@a.example", "k2@b.example"}) || !same(box.got[0].data, []byte(body)) || box.got[0].from != "a@reisewerk.example" {
				t.Errorf("%q arrived: %q", got, box.got[0].data)
			}
			if !slices.Equal(o.waits, []time.Duration{time.Second}) {
				t.Errorf("it waited %v", o.waits)
			}
			for _, s := range o.statuses(t) {
				if !s.Sent || s.Unclear {
					t.Errorf("%+v", s)
				}
			}
		})
	}
}

// Without encryption nothing is said to a server that should have it, nor to
// one that isn't who it says.
func TestDialRefuses(t *testing.T) {
	plain := (&mailbox{}).start(t, "none")
	plain.Security = "starttls"
	if _, err := plain.Dial(t.Context()); err == nil || !strings.Contains(err.Error(), "STARTTLS") {
		t.Errorf("a server without encryption: %v", err)
	}
	box := &mailbox{user: "a", password: "b"}
	stranger := box.start(t, "tls")
	stranger.TLS = nil
	if _, err := stranger.Dial(t.Context()); err == nil || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("a stranger: %v", err)
	}
	wrong := (&mailbox{user: "a", password: "b"}).start(t, "starttls")
	wrong.User, wrong.Password = "a", "streng geheim"
	if _, err := wrong.Dial(t.Context()); err == nil || strings.Contains(err.Error(), "streng") || !strings.Contains(err.Error(), `signing in as "a"`) {
		t.Errorf("a wrong password: %v", err)
	}
	gone := (&mailbox{}).start(t, "none")
	gone.Port = 1
	if _, err := gone.Dial(t.Context()); err == nil {
		t.Error("nobody is there")
	}
}

// Whatever one recipient's server does, the others get theirs, and what is said
// of the one is true.
func TestSendThroughTrouble(t *testing.T) {
	three := []string{"k1@a.example", "k2@b.example", "k3@c.example"}
	others := []string{"k1@a.example", "k3@c.example"}
	on := func(err error) func(string) error {
		return func(to string) error {
			if to == "k2@b.example" {
				return err
			}
			return nil
		}
	}
	refuse := &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user"}
	later := &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "greylisted"}
	cases := map[string]struct {
		box     *mailbox
		want    Event
		there   []string
		unclear bool
		waits   int // for another round
	}{
		"refused": {&mailbox{onRcpt: func(to string, _ int) error { return on(refuse)(to) }}, Refused, others, false, 0},
		"greylisted once": {&mailbox{onRcpt: func(to string, times int) error {
			if times == 1 {
				return on(later)(to)
			}
			return nil
		}}, Sent, []string{"k1@a.example", "k3@c.example", "k2@b.example"}, false, 1},
		"greylisted for ever":     {&mailbox{onRcpt: func(to string, _ int) error { return on(later)(to) }}, PutOff, others, false, 2},
		"refused with its text":   {&mailbox{onData: on(&smtp.SMTPError{Code: 554, Message: "spam"})}, Refused, others, false, 0},
		"hangs up at RCPT":        {&mailbox{onRcpt: func(to string, _ int) error { return on(errHangUp)(to) }}, Broken, others, false, 2},
		"hangs up after the text": {&mailbox{onData: on(errHangUp)}, Unclear, others, true, 0},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			server := c.box.start(t, "none")
			o := &office{}
			list := mails(three...)
			results, err := o.run(server).Send(t.Context(), list)
			if err != nil {
				t.Fatal(err)
			}
			if got := events(results); !slices.Equal(got, []Event{Sent, c.want, Sent}) {
				t.Errorf("%v: %v", got, results)
			}
			if diff := cmp.Diff(c.there, c.box.delivered()); diff != "" {
				t.Errorf("delivered (-want +got):\n%s", diff)
			}
			status := o.statuses(t)[list[1].Key]
			if status.Unclear != c.unclear || status.Sent != (c.want == Sent) {
				t.Errorf("the log says %+v", status)
			}
			waits := 0
			for _, d := range o.waits {
				if d == time.Minute {
					waits++
				}
			}
			if waits != c.waits {
				t.Errorf("it tried again %d times, not %d", waits, c.waits)
			}
		})
	}
}

// A server that hangs up before any mail, or answers nothing, costs no mail.
func TestSendToABadServer(t *testing.T) {
	box := &mailbox{onMail: func() error { return errHangUp }}
	o := &office{}
	list := mails("k1@a.example")
	results, err := o.run(box.start(t, "none")).Send(t.Context(), list)
	if err != nil || !slices.Equal(events(results), []Event{Broken}) || o.statuses(t)[list[0].Key].Unclear {
		t.Errorf("%v %v", results, err)
	}
	// Slow: the answer to the recipient doesn't come within the server's time.
	wait := make(chan struct{})
	defer close(wait)
	slow := &mailbox{onRcpt: func(string, int) error { <-wait; return nil }}
	o = &office{}
	run := o.run(slow.start(t, "none"))
	run.Rounds, run.Dial = 1, hurried(run.Dial, 150*time.Millisecond)
	results, err = run.Send(t.Context(), list)
	if err != nil || !slices.Equal(events(results), []Event{Broken}) {
		t.Errorf("slow: %v %v", results, err)
	}
	// The last answer may take longer; what doesn't come even then is unclear.
	end := make(chan struct{})
	defer close(end)
	late := &mailbox{after: func(string) { <-end }}
	server := late.start(t, "none")
	o = &office{}
	run = o.run(server)
	var allowed time.Duration
	run.Dial = func(ctx context.Context) (*Session, error) {
		s, err := server.Dial(ctx)
		if err == nil {
			s.conn.Conn = &hurriedEnd{Conn: s.conn.Conn, limit: &s.conn.limit, allowed: &allowed}
		}
		return s, err
	}
	results, err = run.Send(t.Context(), list)
	if allowed <= server.Timeout {
		t.Errorf("the last answer may take %s, any other %s", allowed, server.Timeout)
	}
	if err != nil || !slices.Equal(events(results), []Event{Unclear}) || !o.statuses(t)[list[0].Key].Unclear {
		t.Errorf("late: %v %v", results, err)
	}
}

// hurried lets a session wait no longer than that, once it is there: how long the
// machine takes to greet decides nothing.
func hurried(dial func(context.Context) (*Session, error), limit time.Duration) func(context.Context) (*Session, error) {
	return func(ctx context.Context) (*Session, error) {
		s, err := dial(ctx)
		if err == nil {
			s.conn.limit.Store(int64(limit))
		}
		return s, err
	}
}

// hurriedEnd shortens the wait for the answer to a mail's last line, and for no
// other; it keeps how long that would have been.
type hurriedEnd struct {
	net.Conn
	limit   *atomic.Int64
	allowed *time.Duration
}

func (h *hurriedEnd) Write(b []byte) (int, error) {
	if bytes.HasSuffix(b, []byte("\r\n.\r\n")) {
		*h.allowed = time.Duration(h.limit.Swap(int64(50 * time.Millisecond)))
	}
	return h.Conn.Write(b)
}

// An answer that comes too late is never taken for the next one, and a yes to another
// question is no refusal: the line is broken, and before the last answer nothing went
// out; after it nobody knows.
func TestAnswersOutOfStep(t *testing.T) {
	for _, c := range []struct {
		name    string
		answers map[string]string // by the command's first word; "" for the dot
		slow    string            // the command that is answered after the time-out
		want    Event             // "" where not even the greeting may succeed
	}{
		{"late to the greeting", nil, "EHLO", ""},
		{"late to the sender", nil, "MAIL", Broken},
		{"a yes instead of go on", map[string]string{"DATA": "250 2.0.0 fine"}, "", Broken},
		{"go on instead of a yes", map[string]string{".": "354 go on"}, "", Unclear},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := oddServer(t, c.answers, c.slow)
			if c.want == "" {
				server.Timeout = 300 * time.Millisecond
			}
			dial := server.Dial
			if c.want == Broken {
				dial = hurried(dial, 300*time.Millisecond)
			}
			session, err := dial(t.Context())
			if (err != nil) != (c.want == "") {
				t.Fatalf("the greeting: %v", err)
			}
			if err != nil {
				return
			}
			defer session.Close()
			if fate := session.Deliver("a@a.example", "k1@a.example", []byte("Subject: x\r\n\r\nx\r\n")); fate.Event != c.want {
				t.Errorf("%+v, want %s", fate, c.want)
			}
			if c.want == Broken && session.Alive() {
				t.Error("the session is used again")
			}
		})
	}
}

// oddServer answers each command with a line, as no real server would.
func oddServer(t *testing.T, answers map[string]string, slow string) Server {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		fmt.Fprint(conn, "220 odd\r\n")
		lines, inData := bufio.NewScanner(conn), false
		for lines.Scan() {
			word, _, _ := strings.Cut(lines.Text(), " ")
			if inData && word != "." {
				continue
			}
			inData = word == "DATA"
			answer := map[bool]string{true: "354 go on", false: "250 2.0.0 fine"}[inData]
			if own, ok := answers[word]; ok {
				answer = own
			}
			if word == slow && !lines.Scan() { // it answers when the client has asked for more, or is gone
				return
			}
			fmt.Fprint(conn, answer+"\r\n")
		}
	}()
	host, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	return Server{Host: host, Port: n, Security: "none", Hello: "a.example", Timeout: time.Minute}
}

// What can't be noted isn't sent; what was sent and can't be noted is said.
func TestSendWithoutALog(t *testing.T) {
	box := &mailbox{}
	server := box.start(t, "none")
	full := errors.New("no space left")
	o := &office{fail: func(Line) error { return full }}
	list := mails("k1@a.example", "k2@b.example")
	results, err := o.run(server).Send(t.Context(), list)
	if !errors.Is(err, full) || len(results) > 0 || len(box.delivered()) > 0 {
		t.Errorf("%v %v %v", results, err, box.delivered())
	}
	o = &office{fail: func(l Line) error {
		if l.Event == Sent {
			return full
		}
		return nil
	}}
	results, err = o.run(server).Send(t.Context(), list)
	if !errors.Is(err, full) || !slices.Equal(events(results), []Event{Sent}) || !o.statuses(t)[list[0].Key].Unclear {
		t.Errorf("%v %v", results, err)
	}
}

// A signal counts between two mails.
func TestSendIsInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	box := &mailbox{after: func(string) { cancel() }}
	o := &office{}
	list := mails("k1@a.example", "k2@b.example")
	results, err := o.run(box.start(t, "none")).Send(ctx, list)
	if !errors.Is(err, context.Canceled) || !slices.Equal(events(results), []Event{Sent}) {
		t.Errorf("%v %v", results, err)
	}
}

func TestStatuses(t *testing.T) {
	const a, b = "2026-11-03T07:21:04+01:00 A K2 de x@y.example ", "2026-11-03T07:22:00+01:00 A K2 de x@y.example "
	for name, c := range map[string]struct {
		log                   []string
		sent, unclear, nobody bool
	}{
		"begun":                       {[]string{a + "aaaa sending"}, false, true, false},
		"sent":                        {[]string{a + "aaaa sending", a + "aaaa sent | 250 ok"}, true, false, false},
		"refused":                     {[]string{a + "aaaa sending", a + "aaaa refused | 550 no"}, false, false, false},
		"broke at the end":            {[]string{a + "aaaa sending", a + "aaaa unclear | EOF"}, false, true, false},
		"found out":                   {[]string{a + "aaaa sending", b + "- was-sent"}, true, false, false},
		"to be sent again":            {[]string{a + "aaaa sending", b + "- again"}, false, false, false},
		"sent again":                  {[]string{a + "aaaa sending", b + "- again", b + "bbbb sending", b + "bbbb sent"}, true, false, false},
		"sent and wanted twice":       {[]string{a + "aaaa sending", a + "aaaa sent", b + "- again"}, false, false, false},
		"merged: the end comes first": {[]string{a + "aaaa sent", a + "aaaa sending"}, true, false, false},
		"two people, one crashed":     {[]string{a + "aaaa sending", a + "bbbb sending", b + "bbbb refused | 550"}, false, true, false},
		"two people, both sent":       {[]string{a + "aaaa sending", a + "bbbb sending", b + "bbbb sent", b + "aaaa sent"}, true, false, false},
		"sent, then tried elsewhere":  {[]string{a + "aaaa sending", a + "aaaa sent", b + "bbbb sending"}, true, false, false},
		"the same line twice":         {[]string{a + "aaaa sending", a + "aaaa sending", a + "aaaa sent"}, true, false, false},
		"nothing":                     {[]string{"# no mail yet", ""}, false, false, true},
	} {
		lines, wrong := Parse("x.log", strings.Join(c.log, "\n"))
		if len(wrong) > 0 {
			t.Errorf("%s: %v", name, wrong)
		}
		all := Statuses(lines)
		s := all[Key{Outcome: "A", System: "K2", Lang: "de", To: "x@y.example"}]
		if s.Sent != c.sent || s.Unclear != c.unclear || (len(all) == 0) != c.nobody {
			t.Errorf("%s: %+v", name, s)
		}
	}
}

func TestParseTellsWhatItCannotRead(t *testing.T) {
	_, wrong := Parse("x.log", "2026-11-03T07:21:04+01:00 A K2 de x@y.example aaaa sending\nM1 0721\n<<<<<<< HEAD\n2026-31-03T07:21:04+01:00 A K2 de x@y.example aaaa sent\n")
	if len(wrong) != 3 || wrong[0].Position.Line != 2 || !strings.Contains(wrong[1].Hint, "merge") {
		t.Errorf("%v", wrong)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("2026-11-03T07:21:04+01:00 E:2026.15.1 K2 de x@y.example 0af3 sent | 250 2.0.0 ok\n")
	f.Add("2026-11-03T07:21:04Z A K2 en X@y.example - again\n\ufeff# x\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		lines, _ := Parse("x.log", text)
		for _, l := range lines {
			again, wrong := Parse("x.log", l.String())
			if len(wrong) > 0 || len(again) != 1 || again[0].Key != l.Key || again[0].Event != l.Event || again[0].Attempt != l.Attempt || !again[0].At.Equal(l.At) {
				t.Errorf("%q came back as %v, %v", l.String(), again, wrong)
			}
		}
		Statuses(lines)
	})
}

func ExampleStatuses() {
	lines, _ := Parse("2026.14.0.mails.log", `2026-11-03T07:21:04+01:00 A K1 de it@alpen.example 5f3a91c2 sending
2026-11-03T07:21:05+01:00 A K1 de it@alpen.example 5f3a91c2 sent | 250 2.0.0 queued
2026-11-03T07:21:07+01:00 A K2 de buero@nord.example 77b01c0d sending
`)
	all := Statuses(lines)
	fmt.Println(all[lines[0].Key].Describe())
	fmt.Println(all[lines[2].Key].Describe())
	// Output:
	// sent at 07:21
	// unclear since 07:21
}
