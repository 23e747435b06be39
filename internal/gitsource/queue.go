package gitsource

// queue is a heap: what stands before all others comes out first.
type queue[T any] struct {
	list   []T
	before func(a, b T) bool
}

func (q *queue[T]) push(x T) {
	s := append(q.list, x)
	for i := len(s) - 1; i > 0; {
		up := (i - 1) / 2
		if !q.before(s[i], s[up]) {
			break
		}
		s[up], s[i] = s[i], s[up]
		i = up
	}
	q.list = s
}

func (q *queue[T]) pop() T {
	s := q.list
	top, last := s[0], len(s)-1
	s[0] = s[last]
	s = s[:last]
	for i := 0; ; {
		down := 2*i + 1
		if down+1 < last && q.before(s[down+1], s[down]) {
			down++
		}
		if down >= last || !q.before(s[down], s[i]) {
			break
		}
		s[i], s[down] = s[down], s[i]
		i = down
	}
	q.list = s
	return top
}
