package site

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"daybreak/internal/model"
)

// daybreak's own sentences on the ledger are in the page's language: nothing
// but what people wrote may be in another.
func TestLedgerSpeaksTheReadersLanguage(t *testing.T) {
	h := ordinary
	c, r := h.config(), h.release()
	r.Explain = model.Reasons{model.Because("highest-below", "v2026.8.0", "v2026.9.0"), model.Because("beside", "v2026.8.1")}
	r.Alarms = []model.Alarm{{Code: "null-back-merge", Commit: "0123456789abcdef", In: "2026.8.1", Subject: "Preise runden", Text: "thrown away by 1a2b"}}
	r.Skipped = []model.Skipped{{Commit: model.Commit{Hash: "feedfeed"}, Bucket: model.BucketStructure, Reason: model.Because("main-into-topic")}}
	r.Changes[2].Bucket, r.Changes[2].Reason = model.BucketWithdrawn, model.Because("reverted", "1a2b3c4d")
	files := pagesOf(t, c, &r)
	for name, wants := range map[string][]string{
		"team/2026.9.0/ledger/index.html": {"Bereich: v2026.8.0 ist die höchste Version unterhalb von v2026.9.0 in deren Geschichte; v2026.8.1 liegt auf einer Nebenlinie.",
			"„Preise runden“ aus 2026.8.1 fehlt in dieser Version", "Trailer „Changelog“", "holt die Hauptlinie in einen Themenzweig", "zurückgenommen durch 1a2b3c4d"},
		"team/en/2026.9.0/ledger/index.html": {"Range: v2026.8.0 is the highest version below v2026.9.0 in its history; v2026.8.1 lies on a side line.",
			"is not in this version: a merge threw it away", "reverted by 1a2b3c4d"},
	} {
		page := string(files[name])
		for _, want := range wants {
			if !strings.Contains(page, want) {
				t.Errorf("%s lacks %q", name, want)
			}
		}
		if strings.Contains(page, `class="reason" lang=`) || strings.Contains(page, "thrown away by") {
			t.Errorf("%s holds a sentence in another language", name)
		}
	}
}

// The head of the ledger counts the changes once each, by bucket, whatever a
// draft leaves out of the notes or tells in spite of its kind.
func TestLedgerHeadAddsUp(t *testing.T) {
	h := ordinary
	c, r := h.config(), h.release()
	r.Changes[0].NoNote = true
	r.Changes[1].Audience = model.Audience{Scope: model.AudienceInternal}
	r.Changes[2].Bucket, r.Changes[2].Reason = model.BucketWithdrawn, model.Because("reverted", "1a2b3c4d")
	page := string(pagesOf(t, c, &r)["team/en/2026.9.0/ledger/index.html"])
	head := regexp.MustCompile(`<dt>Changes</dt><dd><b>(\d+)</b>:((?: ·)? ?<b>\d+</b> [^<]+)+</dd>`).FindString(page)
	numbers := regexp.MustCompile(`<b>(\d+)</b>`).FindAllStringSubmatch(head, -1)
	if len(numbers) < 4 {
		t.Fatalf("the head says %q", head)
	}
	sum := 0
	for _, n := range numbers[1:] {
		k, _ := strconv.Atoi(n[1])
		sum += k
	}
	if total, _ := strconv.Atoi(numbers[0][1]); total != sum || total != len(r.Changes) {
		t.Errorf("%d changes of %d, by bucket %d: %s", total, len(r.Changes), sum, head)
	}
	for _, want := range []string{"</b> No note", "</b> Withdrawn", "</b> Internal"} {
		if !strings.Contains(head, want) {
			t.Errorf("the head lacks %q: %s", want, head)
		}
	}
}
