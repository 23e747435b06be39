package delivery

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"daybreak/internal/diag"
	"daybreak/internal/output"
)

// ledgerKey is the object that lists what daybreak brought. It is written
// before anything changes and again at the end, so that a run that was killed is
// taken up by the next one, and nothing else is ever deleted.
const ledgerKey = ".daybreak-delivery"

const ledgerHead = "# daybreak brought these files and deletes no others\n"

// Result counts what a delivery did.
type Result struct {
	Brought int `json:"brought"` // files that were new or differed
	Same    int `json:"same"`
	Deleted int `json:"deleted"`
}

// Deliver makes the bucket hold the site. Whoever reads meanwhile finds every
// page with its assets, and no list names a page that isn't there.
func (b *Bucket) Deliver(ctx context.Context, s *Site) (Result, error) {
	return b.bring(ctx, s, diag.Say("deliver again"))
}

// bring is Deliver; again says in hints what to do once more.
func (b *Bucket) bring(ctx context.Context, s *Site, again diag.Phrase) (Result, error) {
	u := upload{bucket: b, site: s, again: again}
	if err := u.run(ctx); err != nil {
		return u.result, b.explain(err, again)
	}
	return u.result, nil
}

type upload struct {
	bucket *Bucket
	site   *Site
	again  diag.Phrase
	there  map[string]object
	ledger map[string]string // what we brought so far: path → SHA-256
	mu     sync.Mutex
	result Result
}

// abreast is how many requests are under way at once.
const abreast = 8

func (u *upload) run(ctx context.Context) error {
	var err error
	if u.there, err = u.bucket.list(ctx); err != nil {
		return err
	}
	if u.ledger, err = u.bucket.ledger(ctx); err != nil {
		return err
	}
	if err := u.refuseForeign(); err != nil {
		return err
	}
	gone := u.unneeded()
	if !u.listed() {
		if err := u.writeLedger(ctx); err != nil {
			return err
		}
	}
	for which := range steps {
		if err := u.step(ctx, which); err != nil {
			return err
		}
	}
	for _, key := range gone {
		if err := u.bucket.remove(ctx, key); err != nil {
			return err
		}
		u.result.Deleted++
	}
	if err := u.reallyGone(ctx, gone); err != nil {
		return err
	}
	for key := range u.ledger {
		if _, wanted := u.site.sums[key]; !wanted {
			delete(u.ledger, key)
		}
	}
	return u.writeLedger(ctx)
}

// ledger reads what earlier runs brought: path → SHA-256.
func (b *Bucket) ledger(ctx context.Context) (map[string]string, error) {
	out := map[string]string{}
	data, err := b.get(ctx, ledgerKey)
	if err != nil || data == nil {
		return out, err
	}
	for line := range strings.Lines(string(data)) {
		if sum, key, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "  "); ok && output.CheckPath(key) == nil {
			out[key] = sum
		}
	}
	return out, nil
}

// listed reports whether the ledger names all that will be brought.
func (u *upload) listed() bool {
	all := true
	for key, sum := range u.site.sums {
		if _, ok := u.ledger[key]; !ok {
			u.ledger[key], all = sum, false
		}
	}
	return all
}

func (u *upload) writeLedger(ctx context.Context) error {
	var b bytes.Buffer
	w := bufio.NewWriter(&b)
	w.WriteString(ledgerHead)
	for _, key := range sorted(u.ledger) {
		sum := u.ledger[key]
		if now, ok := u.site.sums[key]; ok {
			sum = now
		}
		fmt.Fprintf(w, "%s  %s\n", sum, key)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return u.surely(ctx, []string{ledgerKey}, func(string) ([]byte, error) { return b.Bytes(), nil })
}

// refuseForeign refuses a place that holds what others brought.
func (u *upload) refuseForeign() error {
	var foreign []string
	for _, key := range sorted(u.there) {
		_, ours := u.ledger[key]
		_, wanted := u.site.sums[key]
		if key != ledgerKey && !ours && (wanted || len(u.ledger) == 0) {
			foreign = append(foreign, key)
		}
	}
	if len(foreign) == 0 {
		return nil
	}
	return diag.Refuse("target-not-ours", diag.Say("the bucket %q holds what daybreak didn't bring: %s", u.bucket.Bucket, someKeys(foreign)),
		diag.Say("give it a prefix of its own (`prefix:`), or empty the place; daybreak would write over it."))
}

func someKeys(keys []string) string {
	if len(keys) > 5 {
		return strings.Join(keys[:5], ", ") + fmt.Sprintf(" and %d more", len(keys)-5)
	}
	return strings.Join(keys, ", ")
}

// unneeded lists what earlier runs brought and the site no longer has: feeds
// first, assets last.
func (u *upload) unneeded() []string {
	var out []string
	for key := range u.ledger {
		_, wanted := u.site.sums[key]
		if _, there := u.there[key]; there && !wanted {
			out = append(out, key)
		}
	}
	slices.Sort(out)
	slices.SortStableFunc(out, func(a, b string) int { return int(stepOf(b) - stepOf(a)) })
	return out
}

// step brings what differs of one step: what is new before what only changed,
// since a changed page may name a new one, and the first pages last of all.
func (u *upload) step(ctx context.Context, which step) error {
	var fresh, changed, fronts []string
	for _, key := range u.site.ordered(which) {
		same, err := u.same(ctx, key)
		if err != nil {
			return err
		}
		_, there := u.there[key]
		switch {
		case same:
			u.result.Same++
		case isFront(key):
			fronts = append(fronts, key)
		case there:
			changed = append(changed, key)
		default:
			fresh = append(fresh, key)
		}
	}
	for _, keys := range [][]string{fresh, changed, fronts} {
		if err := u.surely(ctx, keys, u.site.read); err != nil {
			return err
		}
		u.result.Brought += len(keys)
	}
	return nil
}

// same reports whether the store has a file already. Stores that encrypt don't
// say an object's MD5; they are asked one by one.
func (u *upload) same(ctx context.Context, key string) (bool, error) {
	o, there := u.there[key]
	if !there {
		return false, nil
	}
	data, err := u.site.read(key)
	if err != nil || o.Size != int64(len(data)) {
		return false, err
	}
	if o.sum() == md5Hex(data) {
		return true, nil
	}
	return u.bucket.has(ctx, key, data)
}

// rounds is how often something is brought that the store then doesn't have.
const rounds = 3

// surely brings files and asks the store whether it has them, since a store's
// "done" is not yet the truth.
func (u *upload) surely(ctx context.Context, keys []string, read func(string) ([]byte, error)) error {
	for round := 0; len(keys) > 0; round++ {
		if round == rounds {
			return diag.Refuse("store-lies", diag.Say("the store says that it has taken what it then doesn't have: %s", someKeys(keys)),
				diag.Say("what readers see is whole, but old; ask who runs the store, then %s.", u.again))
		}
		var missing []string
		work, inner := errgroup.WithContext(ctx)
		work.SetLimit(abreast)
		for _, key := range keys {
			work.Go(func() error {
				data, err := read(key)
				if err != nil {
					return err
				}
				if err := u.bucket.put(inner, key, data); err != nil {
					return err
				}
				has, err := u.bucket.has(inner, key, data)
				if err == nil && !has {
					u.mu.Lock()
					defer u.mu.Unlock()
					missing = append(missing, key)
				}
				return err
			})
		}
		if err := work.Wait(); err != nil {
			return err
		}
		slices.Sort(missing)
		keys = missing
	}
	return nil
}

// reallyGone asks the store whether it has deleted what it said.
func (u *upload) reallyGone(ctx context.Context, gone []string) error {
	if len(gone) == 0 {
		return nil
	}
	there, err := u.bucket.list(ctx)
	if err != nil {
		return err
	}
	var still []string
	for _, key := range gone {
		if _, ok := there[key]; ok {
			still = append(still, key)
		}
	}
	if len(still) > 0 {
		return diag.Refuse("store-lies", diag.Say("the store says that it has deleted what is still there: %s", someKeys(still)),
			diag.Say("customers can still read it by its address; %s, or delete it by hand.", u.again))
	}
	return nil
}

// explain turns what a store says into what a person can act on.
func (b *Bucket) explain(err error, again diag.Phrase) error {
	var no *refused
	var line *url.Error
	if errors.As(err, &line) && !errors.Is(err, context.Canceled) {
		return diag.Refuse("store-unreachable", diag.Say("the store at %s can't be reached", b.Endpoint),
			diag.Say("look at the network and at endpoint in daybreak.yaml, then %s: it goes on where it was.", again)).Because(line.Err)
	}
	if !errors.As(err, &no) {
		return err
	}
	problem := func(message, hint diag.Phrase) error {
		return diag.Refuse("store-refuses", message, hint).Because(err)
	}
	switch {
	case no.Code == "RequestTimeTooSkewed":
		return problem(diag.Say("the store doesn't believe this machine's clock"), diag.Say("set the clock right."))
	case no.Code == "NoSuchBucket":
		return problem(diag.Say("the store has no bucket %q", b.Bucket), diag.Say("make it there, or mend its name in daybreak.yaml."))
	case no.Code == "AuthorizationHeaderMalformed", no.status == 301, no.status == 307:
		return problem(diag.Say("the bucket %q is in another region, or at another address", b.Bucket), diag.Say("set region and endpoint as the store's own pages say."))
	case no.status == 401, no.status == 403:
		return problem(diag.Say("the store refuses the keys for the bucket %q", b.Bucket), diag.Say("look whether they are the right ones; they must be allowed to list the bucket and to read, write and delete in it."))
	}
	return err
}
