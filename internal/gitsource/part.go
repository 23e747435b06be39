package gitsource

import (
	"cmp"
	"errors"
	"slices"

	"github.com/go-git/go-git/v5/plumbing"
)

// part reads of a history what one answer takes, and no more. It knows commits'
// corrected dates (see graph) without reading what lies below them: out of git's
// commit-graph, or out of what an earlier run kept. A walk that goes by them may
// stop where nothing of the range lies above any more, and is exact whatever
// clocks say: a commit has a lower date than all that reach it.
//
// Whatever an answer asks of commits that the part doesn't hold is noted down: its
// outcome is thrown away then, the part grows by what was asked for, and the
// answer is made again. So answers are those of the whole history, or none.
type part struct {
	r       *Repository
	sources []generations
	above   map[plumbing.Hash]header // of commits that no source has
	nodes   []node
	byID    map[plumbing.Hash]int32
	names   []plumbing.Hash // scratch
	wanted  []plumbing.Hash // commits that an answer would have needed
	tips    []plumbing.Hash // of the whole history
	mainAt  plumbing.Hash   // how far the main line's chain of first parents was followed
	main    map[plumbing.Hash]bool
	ends    []plumbing.Hash // where the range ends that is asked for
	near    *survey         // of what lies below them, see has
	beyond  *survey         // of all of the history
	facts   map[plumbing.Hash]*facts
	headers int // how many commits were looked up
	rounds  int
}

// generations is a file of commits' parents, times and corrected dates.
type generations interface {
	// lookup puts the parents behind names. An error says that the file can't be
	// trusted.
	lookup(h plumbing.Hash, names []plumbing.Hash) (parents []plumbing.Hash, when, gen int64, found bool, err error)
	// starting gives the commits whose first n digits are those of prefix.
	starting(prefix plumbing.Hash, n int) ([]plumbing.Hash, error)
}

// errPart says that a part can't be had, and the whole history must be read.
var errPart = errors.New("the history must be read as a whole")

// header is what is known of a commit without its message.
type header struct {
	parents   []plumbing.Hash
	when, gen int64
}

// node is a commit of a part. Its parents are nodes only once it is read.
type node struct {
	id plumbing.Hash
	header
	at   []int32 // the parents
	read bool
}

const (
	// maxAbove is how many commits a part reads one by one that no file knows. Where
	// there are more the whole history is read once, and kept.
	maxAbove = 2000
	// maxPartFacts is how many commits' facts are kept from round to round.
	maxPartFacts = 20_000
	// maxRounds bounds how often an answer is made again.
	maxRounds = 100
)

// openPart gives nil where no file has corrected dates, or where they would not
// be those of this history: with replace refs and grafts, as for git itself.
func (r *Repository) openPart() *part {
	if len(r.objects.replaced) > 0 || len(r.objects.grafts) > 0 {
		return nil
	}
	p := &part{r: r, above: map[plumbing.Hash]header{}, byID: map[plumbing.Hash]int32{}, facts: map[plumbing.Hash]*facts{}, main: map[plumbing.Hash]bool{}, mainAt: r.mainTip}
	if kept := r.openKept(); kept != nil {
		p.sources = append(p.sources, kept)
	}
	for _, g := range r.objects.graphs {
		if g.corrected() {
			p.sources = append(p.sources, g)
		}
	}
	if len(p.sources) == 0 {
		return nil
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
	type open struct {
		id plumbing.Hash
		header
	}
	stack := []open{{id: h}}
	for len(stack) > 0 {
		top := &stack[len(stack)-1]
		if top.parents == nil {
			if len(p.above)+len(stack) > maxAbove {
				return header{}, errPart
			}
			p.headers++
			var ok bool
			if top.parents, top.when, ok = p.r.objects.headers(top.id, []plumbing.Hash{}); !ok {
				raw, err := p.r.objects.commit(top.id)
				if err != nil {
					return header{}, errPart // the whole walk says what is wrong
				}
				top.parents, top.when = append([]plumbing.Hash{}, raw.parents...), committedAt(raw.committer)
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
			return header{slices.Clone(parents), when, gen}, true, nil
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
	if n.gen != corrected(n.when, latest) {
		return nil, errPart
	}
	n.at, n.read = at, true
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
	var q youngestNode
	open := 0
	mark := func(i int32, colour uint8) {
		before := colours[i]
		colours[i] |= colour
		switch {
		case before == 0:
			q.push(p, i)
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
		i := q.pop(p)
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
	var q youngestNode
	queued := map[int32]bool{}
	push := func(i int32) {
		if !queued[i] && !p.nodes[i].read {
			queued[i] = true
			q.push(p, i)
		}
	}
	for _, i := range from {
		push(i)
	}
	for ; budget > 0 && len(q) > 0; budget-- {
		parents, err := p.read(q.pop(p))
		if err != nil {
			return err
		}
		for _, k := range parents {
			push(k)
		}
	}
	return nil
}

// youngestNode is a max-heap of nodes.
type youngestNode []int32

func (q *youngestNode) push(p *part, x int32) {
	s := append(*q, x)
	for i := len(s) - 1; i > 0; {
		up := (i - 1) / 2
		if p.compare(s[up], s[i]) >= 0 {
			break
		}
		s[up], s[i] = s[i], s[up]
		i = up
	}
	*q = s
}

func (q *youngestNode) pop(p *part) int32 {
	s := *q
	top, last := s[0], len(s)-1
	s[0] = s[last]
	s = s[:last]
	for i := 0; ; {
		down := 2*i + 1
		if down+1 < last && p.compare(s[down+1], s[down]) > 0 {
			down++
		}
		if down >= last || p.compare(s[i], s[down]) >= 0 {
			break
		}
		s[i], s[down] = s[down], s[i]
		i = down
	}
	*q = s
	return top
}

// graph gives the nodes as a graph, and which node stands at each position.
func (p *part) graph() (*graph, []int32) {
	n := len(p.nodes)
	order, place := make([]int32, n), make([]int32, n)
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, p.compare)
	for at, i := range order {
		place[i] = int32(at)
	}
	g := emptyGraph(n)
	g.colours, g.cut = make([]uint8, n), make([]bool, n)
	g.nroots = 65 // not known: what is related must be found
	for at, i := range order {
		c := &p.nodes[i]
		for _, k := range c.at {
			g.list = append(g.list, place[k])
		}
		g.ids, g.times, g.gens = append(g.ids, c.id), append(g.times, c.when), append(g.gens, c.gen)
		g.first, g.roots = append(g.first, int32(len(g.list))), append(g.roots, ^uint64(0))
		g.pos[c.id] = int32(at)
		g.cut[at] = !c.read
	}
	return g, order
}
