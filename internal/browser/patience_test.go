package browser

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"
)

// A page that never answers is given up, and the browser goes on.
func TestNoAnswer(t *testing.T) {
	b, err := Open(t.Context())
	if errors.Is(err, ErrNotFound) && os.Getenv("DAYBREAK_REQUIRE_BROWSER") == "" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	p, err := b.Page("about:blank", View{})
	if err != nil {
		t.Fatal(err)
	}
	defer func(before time.Duration) { patience = before }(patience)
	patience = 50 * time.Millisecond
	if _, err := Eval[int](p, `new Promise(() => {})`); err == nil || !strings.Contains(err.Error(), "no answer within 50ms") {
		t.Errorf("it ended with %v", err)
	}
	patience = time.Minute
	if p, err = b.Page("about:blank", View{}); err != nil {
		t.Fatal(err)
	}
	if got, err := Eval[int](p, `1 + 1`); err != nil || got != 2 {
		t.Errorf("the next page says %d, %v", got, err)
	}
}
