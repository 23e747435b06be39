package output

import (
	"bytes"
	"maps"
	"slices"
	"sync"
)

// Memory is a sink that keeps the files. It takes and refuses the same paths as
// a [Tree]. The zero value is empty and ready.
type Memory struct {
	mu    sync.Mutex
	names names
	files map[string][]byte
}

// Put keeps a copy of data.
func (m *Memory) Put(name string, data []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, err := m.names.add(name); err != nil {
		return err
	}
	if m.files == nil {
		m.files = map[string][]byte{}
	}
	m.files[name] = bytes.Clone(data)
	return nil
}

// File gives the content of one file; it must not be changed.
func (m *Memory) File(name string) ([]byte, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	data, ok := m.files[name]
	return data, ok
}

// Paths lists the files in order.
func (m *Memory) Paths() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Sorted(maps.Keys(m.files))
}
