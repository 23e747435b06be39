package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"daybreak/internal/compose"
	"daybreak/internal/diag"
	"daybreak/internal/journal"
	"daybreak/internal/model"
)

func newJournalShow() *cobra.Command {
	var at place
	var asJSON bool
	c := &cobra.Command{
		Use:   "show VERSION",
		Short: "Show how the day stands",
		Long: `Show what follows from the journal: the phase, the steps that are done and late,
the gates, each system, the deviations.`,
		Example: "  daybreak journal show 2026.14.0\n  daybreak journal show 2026.14.0 --json",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			m := messagesOf(cmd)
			w, err := openWorkspace(at)
			if err != nil {
				return err
			}
			b, err := w.openBook(cmd.Context(), m, args[0])
			if err != nil {
				return err
			}
			state, found := b.state()
			m.diagnostics(found)
			if asJSON {
				return printJSON(cmd.OutOrStdout(), dayJSONOf(b.plan, state))
			}
			return printDay(cmd.OutOrStdout(), m.in, b.plan, state)
		},
	}
	addPlaceFlags(c, &at)
	c.Flags().BoolVar(&asJSON, "json", false, "print as JSON")
	return c
}

// printDay shows the state as tables.
func printDay(out io.Writer, in *tongue, p journal.Plan, s journal.State) error {
	fmt.Fprintln(out, in.say(summary(s)))
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "\n"+in.say(diag.Say("SYSTEM\tRUNS\tSINCE\tTOLD\tOPEN")))
	for _, sys := range s.Systems {
		note := map[bool]string{true: in.say(diag.Say("yes")), false: "-"}[sys.Told]
		if !sys.Today {
			note = in.say(diag.Say("not today"))
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%d\n", sys.ID, orDash(sys.Version), orDash(sys.Since.String()), note, sys.Open)
	}
	fmt.Fprintln(t, "\n"+in.say(diag.Say("STEP\tPLANNED\tACTUAL\tDECISION\tSIGNED")))
	for _, st := range s.Steps {
		if len(st.Events) > 0 {
			fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", st.Code, orDash(times(st.Start, st.End)), orDash(times(st.From, st.To)), decided(in, st), orDash(diag.Printable(strings.Join(st.Signs, "/"))))
		}
	}
	if len(s.Deviations) > 0 {
		fmt.Fprintln(t, "\n"+in.say(diag.Say("DEVIATION\tCLASS\tWHERE\tRESPONSIBLE\tSETTLED\tHOTFIX\tWHAT")))
	}
	for _, v := range s.Deviations {
		fmt.Fprintf(t, "X%d\t%s\t%s\t%s\t%s\t%s\t%s\n", v.Number, orDash(v.Class), strings.TrimSpace(v.Code+" "+strings.Join(v.Systems, ",")), orDash(diag.Printable(v.Owner)), orDash(string(v.Settled)), orDash(v.Hotfix), diag.Printable(v.Words))
	}
	printRechecks(t, in, p, s)
	return t.Flush()
}

// printRechecks shows what each hotfix wants checked again, and where.
func printRechecks(t io.Writer, in *tongue, p journal.Plan, s journal.State) {
	for _, version := range journal.HotfixesOf(s.Hotfixes) {
		fmt.Fprintln(t, "\n"+in.say(diag.Say("HOTFIX %s\tCHECK AGAIN\tWHY\tFOUND", version)))
		if !p.Tagged(version) {
			fmt.Fprintln(t, "-\t-\t"+in.say(diag.Say("no such tag here: rows of its areas aren't known"))+"\t-")
		}
		for _, r := range compose.Rechecks(s, p) {
			if r.Hotfix != version {
				continue
			}
			why := in.say(diag.Say("same area"))
			if r.Deviation > 0 {
				why = fmt.Sprintf("X%d", r.Deviation)
			}
			for _, cell := range r.Systems {
				fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", r.Row, cell.System, why, orDash(cell.Result))
			}
		}
	}
}

// decided is how a gate was decided.
func decided(in *tongue, st journal.StepState) string {
	if st.Kind != model.StepGate {
		return "-"
	}
	return in.say(decisionWord[string(st.Decision)])
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// times writes "06:35-07:02", or one of the two.
func times(from, to journal.Clock) string {
	if from == to || to < 0 {
		return from.String()
	}
	return from.String() + "-" + to.String()
}

// dayJSON is the state of a day for scripts.
type dayJSON struct {
	Version    string          `json:"version"`
	Phase      journal.Phase   `json:"phase"`
	Checked    int             `json:"checked"`
	Total      int             `json:"total"`
	Deviating  int             `json:"deviating"`
	Blocked    int             `json:"blocked"`
	Retest     int             `json:"retest"`
	Systems    []systemJSON    `json:"systems"`
	Steps      []stepJSON      `json:"steps"`
	Deviations []deviationJSON `json:"deviations"`
	Hotfixes   []hotfixJSON    `json:"hotfixes"`
	Rechecks   []recheckJSON   `json:"rechecks"`
}

type systemJSON struct {
	ID      string `json:"id"`
	Version string `json:"version"`
	Since   string `json:"since,omitempty"`
	Today   bool   `json:"today"`
	Told    bool   `json:"told"`
	Open    int    `json:"openDeviations"`
}

type stepJSON struct {
	Code     string   `json:"code"`
	From     string   `json:"from,omitempty"`
	To       string   `json:"to,omitempty"`
	Minutes  *int     `json:"minutes,omitempty"` // of work, without waiting
	Decision string   `json:"decision,omitempty"`
	Signed   []string `json:"signed,omitempty"`
}

type deviationJSON struct {
	Number  int      `json:"number"`
	Class   string   `json:"class"`
	Code    string   `json:"code"`
	Systems []string `json:"systems"`
	Words   string   `json:"words"`
	Owner   string   `json:"owner,omitempty"` // the developer who answers for it
	Hotfix  string   `json:"hotfix,omitempty"`
	Settled string   `json:"settled,omitempty"`
}

type hotfixJSON struct {
	Code    string   `json:"code"`
	Version string   `json:"version"`
	Ticket  string   `json:"ticket,omitempty"`
	Systems []string `json:"systems,omitempty"`
	Tagged  bool     `json:"tagged"` // what its areas are is known
}

type recheckJSON struct {
	Hotfix    string `json:"hotfix"`
	Row       string `json:"row"`
	System    string `json:"system"`
	Deviation int    `json:"deviation,omitempty"` // 0 where the hotfix touches the row's area
	Result    string `json:"result,omitempty"`
}

func dayJSONOf(p journal.Plan, s journal.State) dayJSON {
	out := dayJSON{
		Version: p.Version, Phase: s.Phase, Checked: s.Checked, Total: s.Total, Deviating: s.Deviating, Blocked: s.Blocked, Retest: s.Retest,
		Systems: []systemJSON{}, Steps: []stepJSON{}, Deviations: []deviationJSON{}, Hotfixes: []hotfixJSON{}, Rechecks: []recheckJSON{},
	}
	for _, sys := range s.Systems {
		out.Systems = append(out.Systems, systemJSON{sys.ID, sys.Version, sys.Since.String(), sys.Today, sys.Told, sys.Open})
	}
	for _, st := range s.Steps {
		if len(st.Events) == 0 {
			continue
		}
		row := stepJSON{Code: st.Code, From: st.From.String(), To: st.To.String(), Decision: string(st.Decision), Signed: st.Signs}
		if n := st.Minutes(); n >= 0 {
			row.Minutes = &n
		}
		out.Steps = append(out.Steps, row)
	}
	for _, v := range s.Deviations {
		out.Deviations = append(out.Deviations, deviationJSON{v.Number, v.Class, v.Code, v.Systems, v.Words, v.Owner, v.Hotfix, string(v.Settled)})
	}
	for _, h := range s.Hotfixes {
		out.Hotfixes = append(out.Hotfixes, hotfixJSON{h.Code, h.Version, h.Ticket, h.Systems, p.Tagged(h.Version)})
	}
	for _, r := range s.Rechecks {
		out.Rechecks = append(out.Rechecks, recheckJSON{r.Hotfix, r.Row, r.System, r.Deviation, string(r.Result)})
	}
	return out
}
