package gitsource

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTicketPatterns(t *testing.T) {
	count := ticketCount{}
	for _, text := range []string{"RB-12: Kurtaxe", "read UTF-8 and UTF-16, RB-7", "see KURS-1", "KURS-1 again", "xRB-9 a-1 SHA-256 SHA-1 RB-0"} {
		count.add(text)
	}
	if diff := cmp.Diff([]string{"RB-[0-9]+"}, count.patterns(5)); diff != "" {
		t.Error(diff)
	}
	if got := count.patterns(500); got != nil {
		t.Errorf("two ids in 500 messages made %v", got)
	}
}
