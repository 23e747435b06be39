package post

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"time"
)

// Mail is one mail for one recipient, ready to be handed over.
type Mail struct {
	Key
	From string // address of the sender
	Data []byte
}

// Result is what became of a mail in a run.
type Result struct {
	Mail
	Fate
}

// Run sends mails, one after the other.
type Run struct {
	Dial   func(context.Context) (*Session, error)
	Note   func(Line) error // writes a line of the log so that it survives a crash
	Tell   func(Mail, Fate) // as it happens
	Wait   func(context.Context, time.Duration) error
	Now    func() time.Time
	Pause  time.Duration // between two mails
	Retry  time.Duration // until a mail is tried again that was put off
	Rounds int           // how often such a mail is tried in all
}

// Send hands over all the mails. It gives the last fate of each that was tried;
// those that the server put off are tried again after the others. An error ends
// the run: nothing of the mails without a result went out.
func (r Run) Send(ctx context.Context, mails []Mail) ([]Result, error) {
	var session *Session
	defer func() { session.Close() }()
	fates := map[Key]Fate{}
	results := func() (out []Result) {
		for _, m := range mails {
			if f, ok := fates[m.Key]; ok {
				out = append(out, Result{m, f})
			}
		}
		return out
	}
	todo, first := mails, true
	for round := 0; round < r.Rounds && len(todo) > 0; round++ {
		if round > 0 {
			if err := r.Wait(ctx, r.Retry); err != nil {
				return results(), err
			}
		}
		var later []Mail
		for _, m := range todo {
			// A mail that was begun is ended; a signal counts before the next one.
			if err := ctx.Err(); err != nil {
				return results(), err
			}
			if !first {
				if err := r.Wait(ctx, r.Pause); err != nil {
					return results(), err
				}
			}
			first = false
			if !session.Alive() {
				session.Close()
				var err error
				if session, err = r.Dial(ctx); err != nil {
					return results(), err
				}
			}
			fate, err := r.one(session, m)
			if fate.Event != "" {
				fates[m.Key] = fate
			}
			if err != nil {
				return results(), err
			}
			if fate.Event == PutOff || fate.Event == Broken {
				later = append(later, m)
			}
		}
		todo = later
	}
	return results(), nil
}

// one sends a mail between its two lines of the log.
func (r Run) one(session *Session, m Mail) (Fate, error) {
	name := make([]byte, 4)
	if _, err := rand.Read(name); err != nil {
		return Fate{}, fmt.Errorf("naming the attempt: %w", err)
	}
	line := Line{At: r.Now(), Key: m.Key, Attempt: hex.EncodeToString(name), Event: Sending}
	if err := r.Note(line); err != nil {
		return Fate{}, fmt.Errorf("noting that mail %s for %s is about to be sent: %w", m.Outcome, m.System, err)
	}
	fate := session.Deliver(m.From, m.To, m.Data)
	line.At, line.Event, line.Words = r.Now(), fate.Event, fate.Words
	r.Tell(m, fate)
	if err := r.Note(line); err != nil {
		return fate, fmt.Errorf("mail %s for %s was handed over (%s), but that can't be noted: %w", m.Outcome, m.System, fate.Event, err)
	}
	return fate, nil
}
