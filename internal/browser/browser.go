// Package browser drives a headless Chromium: it prints pages as PDF for
// `daybreak print`, takes pictures of them, and tells tests what a page asked
// for and complained about. It is the only importer of chromedp.
package browser

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	cdpruntime "github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// ErrNotFound says that there is no Chromium on this machine.
var ErrNotFound = errors.New("no Chromium, Chrome or Edge found; install one or name its program in DAYBREAK_CHROMIUM")

// Find gives the path of a browser of Chromium's family: the program in the
// environment variable DAYBREAK_CHROMIUM, else the first that is installed.
func Find() (string, error) {
	if named := os.Getenv("DAYBREAK_CHROMIUM"); named != "" {
		path, err := exec.LookPath(named)
		if err != nil {
			return "", fmt.Errorf("DAYBREAK_CHROMIUM: %w", err)
		}
		return path, nil
	}
	for _, candidate := range candidates(runtime.GOOS) {
		if path, err := exec.LookPath(candidate); err == nil {
			return path, nil
		}
	}
	return "", ErrNotFound
}

// candidates are the usual places, Chromium before its brands.
func candidates(system string) []string {
	switch system {
	case "darwin":
		var out []string
		for _, app := range []string{"Chromium", "Google Chrome", "Microsoft Edge"} {
			for _, root := range []string{"/Applications", filepath.Join(os.Getenv("HOME"), "Applications")} {
				out = append(out, filepath.Join(root, app+".app", "Contents", "MacOS", app))
			}
		}
		return append(out, "chromium")
	case "windows":
		var out []string
		for _, program := range []string{`Chromium\Application\chrome.exe`, `Google\Chrome\Application\chrome.exe`, `Microsoft\Edge\Application\msedge.exe`} {
			for _, root := range []string{"ProgramFiles", "ProgramFiles(x86)", "LocalAppData"} {
				if dir := os.Getenv(root); dir != "" {
					out = append(out, filepath.Join(dir, program))
				}
			}
		}
		return append(out, "chrome.exe", "msedge.exe")
	default:
		return []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "/snap/bin/chromium", "headless-shell"}
	}
}

// patience is how long a browser may take for one answer: its start, a page, a
// print. The largest sheets take seconds; what takes minutes has hung.
var patience = 3 * time.Minute

// inTime asks a browser for something, and gives up with stop where no answer comes.
func inTime[T any](stop func(), ask func() (T, error)) (T, error) {
	late := time.AfterFunc(patience, stop)
	answer, err := ask()
	if !late.Stop() && err != nil {
		err = fmt.Errorf("the browser gave no answer within %s: %w", patience, err)
	}
	return answer, err
}

// Browser is one running browser. Its pages may be used in parallel, each by
// one goroutine.
type Browser struct {
	ctx    context.Context
	cancel []context.CancelFunc

	mu   sync.Mutex
	idle []*tab // of pages that were closed
}

// Open starts a browser with a profile of its own, which is gone after Close.
func Open(ctx context.Context) (*Browser, error) {
	path, err := Find()
	if err != nil {
		return nil, err
	}
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), chromedp.ExecPath(path), chromedp.DisableGPU,
		chromedp.Flag("disable-component-update", true), chromedp.Flag("hide-scrollbars", true),
		chromedp.Flag("disable-features", "Translate,BackForwardCache")) // a page that is closed is gone
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // Chromium refuses to run as root otherwise
	}
	b := &Browser{}
	ctx, cancel := chromedp.NewExecAllocator(ctx, options...)
	b.cancel = append(b.cancel, cancel)
	b.ctx, cancel = chromedp.NewContext(ctx)
	b.cancel = append(b.cancel, cancel)
	if err := b.start(); err != nil {
		b.Close()
		return nil, fmt.Errorf("starting %s: %w", path, err)
	}
	return b, nil
}

// Apart gives the same browser with a memory of its own: what its pages keep, no
// other page finds. Closing it closes its pages and leaves the browser running.
func (b *Browser) Apart() (*Browser, error) {
	apart := &Browser{}
	ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
	apart.ctx, apart.cancel = ctx, []context.CancelFunc{cancel}
	// A memory comes with a tab, and goes with it.
	first := &tab{ctx: ctx, cancel: apart.stop, asked: map[network.RequestID]bool{}}
	err := apart.start()
	if err == nil {
		err = first.do(first.listen)
	}
	if err != nil {
		apart.Close()
		return nil, fmt.Errorf("opening a browser's memory: %w", err)
	}
	apart.idle = []*tab{first}
	return apart, nil
}

func (b *Browser) start() error {
	_, err := inTime(b.stop, func() (chromedp.Void, error) { return chromedp.Void{}, chromedp.Do(b.ctx) })
	return err
}

func (b *Browser) stop() {
	for _, cancel := range slices.Backward(b.cancel) {
		cancel()
	}
}

// Close ends the browser and waits until it is gone, or has to be killed.
func (b *Browser) Close() {
	if b.ctx != nil {
		ctx, cancel := context.WithTimeout(b.ctx, 20*time.Second)
		defer cancel()
		_ = chromedp.Cancel(ctx) // a browser that is gone already is closed too
	}
	b.stop()
}

// View is how a page is looked at. Lengths are CSS pixels.
type View struct {
	Width, Height int // default 1280 × 900
	Dark          bool
	Forced        bool   // the system chooses all colours, as Windows' contrast themes do
	NoScript      bool   // the page's own scripts do not run; Eval does
	Before        string // a script that runs before the page's own: a clock that stands, say
}

// Page is an open page.
type Page struct {
	*tab
	browser *Browser
	close   sync.Once
}

// tab is where pages are opened one after another: a new one is a new process,
// which takes longer than most pages do.
type tab struct {
	ctx    context.Context
	cancel context.CancelFunc
	before page.ScriptIdentifier // what runs before the own scripts of the page that is open

	mu       sync.Mutex
	asked    map[network.RequestID]bool // of the page that is open
	requests []string
	problems []string
}

// Page opens an address, http or file, and waits until it is loaded.
func (b *Browser) Page(address string, v View) (*Page, error) {
	t, err := b.tab()
	if err == nil {
		if err = t.do(func() error { return t.open(address, v) }); err != nil {
			t.cancel()
		}
	}
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", address, err)
	}
	return &Page{tab: t, browser: b}, nil
}

// tab gives one in which no page is open.
func (b *Browser) tab() (*tab, error) {
	b.mu.Lock()
	if last := len(b.idle) - 1; last >= 0 {
		t := b.idle[last]
		b.idle = b.idle[:last]
		b.mu.Unlock()
		return t, nil
	}
	b.mu.Unlock()
	t := &tab{asked: map[network.RequestID]bool{}}
	t.ctx, t.cancel = chromedp.NewContext(b.ctx)
	if err := t.do(t.listen); err != nil {
		t.cancel()
		return nil, err
	}
	return t, nil
}

func (t *tab) listen() error {
	if err := chromedp.Listen(t.ctx, t.hear); err != nil {
		return err
	}
	return chromedp.Do(t.ctx, command(log.Enable, cdp.Empty{}), command(network.Enable, network.EnableParams{}))
}

func (t *tab) do(what func() error) error {
	_, err := inTime(t.cancel, func() (chromedp.Void, error) { return chromedp.Void{}, what() })
	return err
}

func (t *tab) open(address string, v View) error {
	if v.Width == 0 {
		v.Width = 1280
	}
	if v.Height == 0 {
		v.Height = 900
	}
	scheme, forced := "light", "none"
	if v.Dark {
		scheme = "dark"
	}
	if v.Forced {
		forced = "active"
	}
	watch := `addEventListener("securitypolicyviolation", e => (window.daybreakViolations ||= []).push(e.violatedDirective + " " + e.blockedURI))`
	t.mu.Lock()
	clear(t.asked)
	t.requests, t.problems = nil, nil
	t.mu.Unlock()
	return chromedp.Do(t.ctx,
		command(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: scheme}, {Name: "forced-colors", Value: forced}, {Name: "prefers-reduced-motion", Value: "reduce"},
		}}),
		command(emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: v.NoScript}),
		chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
			added, err := cdp.Call(ctx, target, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: watch + ";" + v.Before})
			if err == nil {
				t.before = added.Identifier
			}
			return err
		}),
		chromedp.EmulateViewport(int64(v.Width), int64(v.Height)),
		chromedp.Navigate(address),
	)
}

// leave closes the page that is open.
func (t *tab) leave() error {
	return chromedp.Do(t.ctx,
		command(page.RemoveScriptToEvaluateOnNewDocument, page.RemoveScriptToEvaluateOnNewDocumentParams{Identifier: t.before}),
		chromedp.Navigate("about:blank"),
	)
}

// command makes a step of a protocol command whose result nobody needs.
func command[P, R any](c cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, c, params)
		return err
	})
}

// hear notes what the page asks for and complains about.
func (t *tab) hear(event any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		t.asked[e.RequestID] = true
		t.requests = append(t.requests, e.Request.URL)
	case *network.EventLoadingFailed:
		if t.asked[e.RequestID] { // not what the page before asked for
			t.problems = append(t.problems, "request failed: "+e.ErrorText)
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning {
			t.problems = append(t.problems, e.Entry.Text)
		}
	case *cdpruntime.EventExceptionThrown:
		t.problems = append(t.problems, e.ExceptionDetails.Text)
	}
}

// Close closes the page.
func (p *Page) Close() {
	p.close.Do(func() {
		if p.ctx.Err() != nil || p.do(p.leave) != nil {
			p.cancel()
			return
		}
		p.browser.mu.Lock()
		defer p.browser.mu.Unlock()
		p.browser.idle = append(p.browser.idle, p.tab)
	})
}

// Requests gives the addresses that the page asked for so far, its own first.
func (p *Page) Requests() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.requests)
}

// Problems gives what the console showed as error or warning, script errors,
// failed requests and violations of the page's Content-Security-Policy.
func (p *Page) Problems() ([]string, error) {
	violations, err := Eval[[]string](p, `window.daybreakViolations || []`)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return append(slices.Clone(p.problems), violations...), nil
}

// run has a page do something.
func run[T any](p *Page, what chromedp.Action[T]) (T, error) {
	return inTime(p.cancel, func() (T, error) { return chromedp.Run(p.ctx, what) })
}

// Eval runs a script in the page, outside its policy, awaits a promise, and
// reads the result as JSON.
func Eval[T any](p *Page, script string) (T, error) {
	result, err := run(p, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		return result, fmt.Errorf("evaluating %q: %w", script[:min(len(script), 60)], err)
	}
	return result, nil
}

// Keys that write nothing, for [Page.Press].
const (
	Tab    = kb.Tab
	Enter  = kb.Enter
	Escape = kb.Escape
	Up     = kb.ArrowUp
	Down   = kb.ArrowDown
)

// Press presses keys one after another as somebody at the keyboard does: letters as
// they are, other keys by their constants.
func (p *Page) Press(keys string) error {
	_, err := run(p, chromedp.KeyEvent(keys))
	return err
}

// PressWithShift is Press with the shift key held.
func (p *Page) PressWithShift(keys string) error {
	_, err := run(p, chromedp.KeyEvent(keys, chromedp.KeyModifiers(chromedp.ModifierShift)))
	return err
}

// Screenshot gives the whole page, beyond the window too, as PNG.
func (p *Page) Screenshot() ([]byte, error) {
	return run(p, chromedp.FullScreenshot(100))
}

// PDF prints the page on the paper that its style sheet names, A4 where it
// names none, without the browser's header and footer: all sheets, or those
// named, which count from 1 and keep their numbers.
func (p *Page) PDF(sheets ...int) ([]byte, error) {
	return run(p, chromedp.PrintToPDF(chromedp.PDFPaper(chromedp.PaperA4), func(o *page.PrintToPDFParams) {
		o.PreferCSSPageSize = new(true)
		o.PrintBackground = new(false) // printers drop it too
		o.PageRanges = ranges(sheets)
		o.DisplayHeaderFooter = new(false)
		o.GenerateDocumentOutline = new(false)
	}))
}

// FileAddress makes an address of a path.
func FileAddress(path string) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // a Windows drive
	}
	return "file://" + strings.NewReplacer("%", "%25", " ", "%20", "#", "%23", "?", "%3F").Replace(path)
}
