package gitsource

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/go-git/go-git/v5/plumbing"
)

// part reads of a history what one answer takes, and no more. It knows commits'
// corrected dates (see graph) without reading what lies below them: out of git's
// commit-graph, or out of what an earlier run kept. A walk that goes by them may
// stop where nothing of the range lies above any more, and is exact whatever
// clocks say: a commit has a lower date than all that reach it. Where no file knows
// them it goes by clocks, see clocks.
//
// Whatever an answer asks of commits that the part doesn't hold is noted down: its
// outcome is thrown away then, the part grows by what was asked for, and the
// answer is made again. So answers are those of the whole history, or none.
type part struct {
	r        *Repository
	sources  []generations
	clocks   *clocks                   // nil where corrected dates are known
	above    map[plumbing.Hash]header  // of commits that no source has
	looked   map[plumbing.Hash]looked  // below which was looked, see look
	ranges   [][2]plumbing.Hash        // start and end of those that the answer in the making is about
	opened   map[[2]plumbing.Hash]bool // ranges that were read as such
	limited  map[[2]plumbing.Hash]bool // ranges of which limit has read what it takes
	reads    int                       // how many commits' parents were brought in
	nodes    []node
	byID     map[plumbing.Hash]int32
	names    []plumbing.Hash // scratch
	wanted   []plumbing.Hash // commits that an answer would have needed
	tips     []plumbing.Hash // of the whole history
	mainAt   plumbing.Hash   // how far the main line's chain of first parents was followed
	main     map[plumbing.Hash]bool
	mainDown int64                     // down to what date all of it is there, 0 for none
	ends     []plumbing.Hash           // where the range ends that is asked for
	near     *survey                   // of what lies below them, see has
	byDate   []dated                   // the tips, oldest first
	beyond   *survey                   // of all of the history
	surveys  map[plumbing.Hash]*survey // of releases, see reaches
	reached  map[[2]plumbing.Hash]bool // what reaches answered, by clocks
	facts    map[plumbing.Hash]*facts
	headers  int // how many commits were looked up
	grown    int // reads of grow
	rounds   int
}

// generations is a file of commits' parents, times and corrected dates.
type generations interface {
	// lookup puts the parents behind names. An error says that the file can't be
	// trusted.
	lookup(h plumbing.Hash, names []plumbing.Hash) (parents []plumbing.Hash, when, gen int64, found bool, err error)
	// starting gives the commits whose first n digits are those of prefix.
	starting(prefix plumbing.Hash, n int) ([]plumbing.Hash, error)
}

var (
	// errPart says that a part can't be had, and the whole history must be read.
	errPart = errors.New("the history must be read as a whole")
	// errStale says that the files know too little, and clocks must be gone by.
	errStale = fmt.Errorf("no file knows the youngest commits: %w", errPart)
)

// header is what is known of a commit without its message.
type header struct {
	parents   []plumbing.Hash
	when, gen int64
	late      int64 // by how much the corrected date can be later than gen: 0 but by clocks
}

// node is a commit of a part. Its parents are nodes only once it is read.
type node struct {
	id plumbing.Hash
	header
	at   []int32 // the parents
	read bool

	// What follows is only of use where clocks are gone by.
	fell      int64 // how far its clock lies behind a child's
	low, high int64 // the bounds of its corrected date, once bound is set, see known
	bound     bool
}

const (
	// maxAbove is how many commits a part reads one by one that no file knows. Where
	// there are more it goes by clocks among them.
	maxAbove = 2000
	// maxPartFacts is how many commits' facts are kept from round to round.
	maxPartFacts = 20_000
	// maxRounds bounds how often an answer is made again.
	maxRounds = 100
)

// openPart gives nil where corrected dates would not be those of this history:
// with replace refs and grafts, as for git itself. So it does where the file of an
// earlier run is damaged: the whole history is read then, and the file made anew.
// With byClocks, or where no file has corrected dates, it goes by clocks.
func (r *Repository) openPart(byClocks bool) *part {
	if len(r.objects.replaced) > 0 || len(r.objects.grafts) > 0 {
		return nil
	}
	p := &part{r: r, above: map[plumbing.Hash]header{}, byID: map[plumbing.Hash]int32{}, facts: map[plumbing.Hash]*facts{}, main: map[plumbing.Hash]bool{}, mainAt: r.mainTip, surveys: map[plumbing.Hash]*survey{}, opened: map[[2]plumbing.Hash]bool{}}
	kept, damaged := r.openKept()
	if damaged {
		return nil
	}
	if kept != nil {
		p.sources = append(p.sources, kept)
	}
	for _, g := range r.objects.graphs {
		if g.corrected() {
			p.sources = append(p.sources, g)
		}
	}
	if byClocks || len(p.sources) == 0 {
		if r.Objects() < r.clocks.least {
			return nil
		}
		p.clocks, p.looked, p.limited, p.reached = &r.clocks, map[plumbing.Hash]looked{}, map[[2]plumbing.Hash]bool{}, map[[2]plumbing.Hash]bool{}
	}
	return p
}

// header looks a commit up. Of those that no file has, all that lies between
// them and what the files have is read.
func (p *part) header(h plumbing.Hash) (header, error) {
	if known, ok := p.above[h]; ok {
		return known, nil
	}
	if found, ok, err := p.filed(h); ok || err != nil {
		return found, err
	}
	if p.clocks != nil {
		return p.byClock(h)
	}
	type open struct {
		id plumbing.Hash
		header
	}
	stack := []open{{id: h}}
	for len(stack) > 0 {
		top := &stack[len(stack)-1]
		if top.parents == nil {
			if len(p.above)+len(stack) > maxAbove {
				return header{}, errStale
			}
			var err error
			if top.header, err = p.own(top.id); err != nil {
				return header{}, err
			}
		}
		latest, missing := int64(0), plumbing.ZeroHash
		for _, parent := range top.parents {
			if known, ok := p.above[parent]; ok {
				latest = max(latest, known.gen)
			} else if found, ok, err := p.filed(parent); err != nil {
				return header{}, err
			} else if ok {
				latest = max(latest, found.gen)
			} else {
				missing = parent
				break
			}
		}
		if !missing.IsZero() {
			stack = append(stack, open{id: missing})
			continue
		}
		top.gen = corrected(top.when, latest)
		p.above[top.id] = top.header
		stack = stack[:len(stack)-1]
	}
	return p.above[h], nil
}

// filed looks a commit up in the files.
func (p *part) filed(h plumbing.Hash) (header, bool, error) {
	for _, source := range p.sources {
		parents, when, gen, found, err := source.lookup(h, p.names[:0])
		if err != nil {
			return header{}, false, err
		}
		if found {
			p.names = parents
			p.headers++
			return header{parents: slices.Clone(parents), when: when, gen: gen}, true, nil
		}
	}
	return header{}, false, nil
}

// add brings a commit into the part, without its parents.
func (p *part) add(h plumbing.Hash) (int32, error) {
	if i, ok := p.byID[h]; ok {
		return i, nil
	}
	known, err := p.header(h)
	if err != nil {
		return 0, err
	}
	i := int32(len(p.nodes))
	p.nodes = append(p.nodes, node{id: h, header: known})
	p.byID[h] = i
	return i, nil
}

// read brings a commit's parents in. What a file says of its date must follow
// from theirs.
func (p *part) read(i int32) ([]int32, error) {
	if p.nodes[i].read {
		return p.nodes[i].at, nil
	}
	latest := int64(0)
	var at []int32
	for _, h := range p.nodes[i].parents {
		k, err := p.add(h)
		if err != nil {
			return nil, err
		}
		at = append(at, k)
		latest = max(latest, p.nodes[k].gen)
	}
	n := &p.nodes[i]
	if n.late == 0 && n.gen != corrected(n.when, latest) {
		return nil, errPart
	}
	for _, k := range at {
		below := &p.nodes[k]
		below.fell = max(below.fell, n.when-below.when)
	}
	n.at, n.read = at, true
	p.reads++
	return at, nil
}

// compare orders nodes as graphs do.
func (p *part) compare(a, b int32) int {
	if x, y := p.nodes[a].gen, p.nodes[b].gen; x != y {
		return cmp.Compare(x, y)
	}
	return compareHash(p.nodes[a].id, p.nodes[b].id)
}

// span reads the commits of a range, and what it takes to know them.
func (p *part) span(from, to []int32) error {
	colours := map[int32]uint8{}
	q := p.youngest()
	open := 0
	mark := func(i int32, colour uint8) {
		before := colours[i]
		colours[i] |= colour
		switch {
		case before == 0:
			q.push(i)
			if colour == wanted {
				open++
			}
		case before == wanted && colour == unwanted:
			open--
		}
	}
	for _, i := range from {
		mark(i, unwanted)
	}
	for _, i := range to {
		if colours[i]&wanted == 0 {
			mark(i, wanted)
		}
	}
	for open > 0 {
		i := q.pop()
		colour := unwanted
		if colours[i]&unwanted == 0 {
			colour = wanted
			open--
		}
		parents, err := p.read(i)
		if err != nil {
			return err
		}
		for _, k := range parents {
			mark(k, colour)
		}
	}
	return nil
}

// grow reads on from some commits, youngest first, by as much as there is: so what
// rounds cost altogether is a few times what the last one does.
func (p *part) grow(from []int32) error {
	budget := max(8, len(p.nodes))
	if p.clocks != nil {
		budget = max(64, p.grown)
	}
	before := p.reads
	defer func() { p.grown += p.reads - before }()
	return p.readOn(from, budget)
}

// readOn reads so many commits, youngest first, that aren't read or on which a date
// depends that isn't known.
func (p *part) readOn(from []int32, budget int) error {
	q := p.youngest()
	met := map[int32]bool{}
	push := func(from []int32) {
		for stack := slices.Clone(from); len(stack) > 0; { // from may be a node's own list
			i := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			n := &p.nodes[i]
			switch {
			case met[i]:
				continue
			case !n.read:
				q.push(i)
			case n.low != n.high: // by clocks: what it depends on wasn't read
				stack = append(stack, n.at...)
			}
			met[i] = true
		}
	}
	push(from)
	for ; budget > 0 && len(q.list) > 0; budget-- {
		parents, err := p.read(q.pop())
		if err != nil {
			return err
		}
		push(parents)
	}
	return nil
}

// youngest is a queue of nodes.
func (p *part) youngest() *queue[int32] {
	return &queue[int32]{before: func(a, b int32) bool { return p.compare(a, b) > 0 }}
}

// graph gives the nodes as a graph, and which node stands at each position. A
// commit stands where its corrected date is, or can be at the latest.
func (p *part) graph() (*graph, []int32) {
	n := len(p.nodes)
	order, place := make([]int32, n), make([]int32, n)
	for i := range order {
		order[i] = int32(i)
		if c := &p.nodes[i]; p.clocks == nil {
			c.low, c.high = c.gen, c.gen
		}
	}
	slices.SortFunc(order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(p.nodes[a].high, p.nodes[b].high), compareHash(p.nodes[a].id, p.nodes[b].id))
	})
	for at, i := range order {
		place[i] = int32(at)
	}
	g := emptyGraph(n)
	g.colours, g.cut, g.loose = make([]uint8, n), make([]bool, n), make([]bool, n)
	g.nroots = 65 // not known: what is related must be found
	for at, i := range order {
		c := &p.nodes[i]
		for _, k := range c.at {
			g.list = append(g.list, place[k])
		}
		g.ids, g.times, g.gens = append(g.ids, c.id), append(g.times, c.when), append(g.gens, c.high)
		g.first, g.roots = append(g.first, int32(len(g.list))), append(g.roots, ^uint64(0))
		g.pos[c.id] = int32(at)
		g.loose[at] = c.low != c.high
		g.cut[at] = !c.read || g.loose[at]
	}
	return g, order
}
