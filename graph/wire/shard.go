package wire

import (
	"slices"
	"sync"
	"time"
)

// The times of a shard.
const (
	// coalesceFor is the least time between two writes of a broadcast to one client: the first
	// answer goes at once, those that follow soon after go together.
	coalesceFor = 50 * time.Millisecond
	// coalesceMost is how many bytes of a broadcast wait for that at most.
	coalesceMost = 32 << 10
	// retryEvery is how often a shard tries to write to those who did not take all.
	retryEvery = 20 * time.Millisecond
	// upkeepEvery is how often a shard looks at all of its connections.
	upkeepEvery = time.Second
)

// shard is one goroutine that writes to its share of the connections, and the only one to do so: what
// concerns a connection is posted to its shard and done there, one thing after another, so that
// there is no lock on a connection and an order in everything that a client gets.
type shard struct {
	wake chan struct{}
	done chan struct{}

	mu      sync.Mutex
	tasks   []func()
	stopped bool

	// What follows belongs to the goroutine.
	seats     []*seat
	behind    []*seat // who did not take all
	leaving   []*seat // who has still to be told goodbye
	leaveEach int     // how many are told at a time
	audiences map[*broadcast]*audience
	due       []*audience // with answers that wait
	scratch   []byte
	gather    time.Duration // coalesceFor; 0 writes every answer by itself
	next      time.Time     // of the upkeep
	retry     time.Time
}

func newShard() *shard {
	return &shard{
		wake: make(chan struct{}, 1), done: make(chan struct{}), audiences: map[*broadcast]*audience{}, gather: coalesceFor,
	}
}

// post has something done on the shard. It never waits; who posts much must see to it that little
// waits. It says no after the shard has stopped.
func (s *shard) post(task func()) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopped {
		return false
	}
	s.tasks = append(s.tasks, task)
	if len(s.tasks) == 1 {
		select {
		case s.wake <- struct{}{}:
		default:
		}
	}
	return true
}

// run works until stop.
func (s *shard) run() {
	defer close(s.done)
	timer := time.NewTimer(upkeepEvery)
	defer timer.Stop()
	s.next = time.Now().Add(upkeepEvery)
	var spare []func()
	for {
		select {
		case <-s.wake:
		case <-timer.C:
		}
		s.mu.Lock()
		tasks, stopped := s.tasks, s.stopped
		s.tasks = spare[:0]
		s.mu.Unlock()
		for _, task := range tasks {
			task()
		}
		clear(tasks)
		spare = tasks
		if stopped {
			return
		}
		timer.Reset(s.keepTime(time.Now()))
	}
}

// stop ends the goroutine and whatever is still connected.
func (s *shard) stop() {
	s.post(func() {
		for len(s.seats) > 0 {
			s.seats[len(s.seats)-1].leave()
		}
	})
	s.mu.Lock()
	s.stopped = true
	s.mu.Unlock()
	select {
	case s.wake <- struct{}{}:
	default:
	}
	<-s.done
}

// keepTime does what is due and tells how long until something else is.
func (s *shard) keepTime(now time.Time) time.Duration {
	wait := s.flushDue(now)
	if len(s.behind) > 0 || len(s.leaving) > 0 {
		if now.Before(s.retry) {
			wait = min(wait, s.retry.Sub(now))
		} else {
			s.retry = now.Add(retryEvery)
			s.sayGoodbye()
			s.catchUp(now)
			wait = min(wait, retryEvery)
		}
	}
	if !now.Before(s.next) {
		s.next = now.Add(upkeepEvery)
		for _, seat := range slices.Clone(s.seats) {
			seat.upkeep(now)
		}
	}
	return min(wait, s.next.Sub(now))
}

func (s *shard) flushDue(now time.Time) (wait time.Duration) {
	wait = upkeepEvery
	later := s.due[:0]
	for _, a := range s.due {
		if len(a.pending) == 0 {
			a.isDue = false
			continue
		}
		if left := a.flushed.Add(s.gather).Sub(now); left > 0 {
			wait = min(wait, left)
			later = append(later, a)
			continue
		}
		a.isDue = false
		s.flush(a, now)
	}
	clear(s.due[len(later):])
	s.due = later
	return wait
}

// catchUp tries again to write to those who are behind.
func (s *shard) catchUp(now time.Time) {
	for _, seat := range slices.Clone(s.behind) {
		seat.retry(now)
	}
}

// sit takes a connection in.
func (s *shard) sit(seat *seat) {
	seat.place = len(s.seats)
	s.seats = append(s.seats, seat)
	if s.leaveEach > 0 {
		s.leaving = append(s.leaving, seat)
	}
}

// stand lets a connection go.
func (s *shard) stand(seat *seat) {
	last := len(s.seats) - 1
	s.seats[seat.place] = s.seats[last]
	s.seats[seat.place].place = seat.place
	s.seats[last] = nil
	s.seats = s.seats[:last]
	s.caughtUp(seat)
}

func (s *shard) caughtUp(seat *seat) {
	if i := slices.Index(s.behind, seat); i >= 0 {
		s.behind = slices.Delete(s.behind, i, i+1)
	}
}

// bidFarewell begins to say goodbye to all, a few at a time, so that they do not all knock at
// another hub in the same moment.
func (s *shard) bidFarewell(spread time.Duration, shuffle func(n int, swap func(i, j int))) {
	s.leaving = slices.Clone(s.seats)
	shuffle(len(s.leaving), func(i, j int) { s.leaving[i], s.leaving[j] = s.leaving[j], s.leaving[i] })
	s.leaveEach = len(s.leaving)/max(1, int(spread/retryEvery)) + 1
	s.retry = time.Time{}
}

func (s *shard) sayGoodbye() {
	n := min(s.leaveEach, len(s.leaving))
	for _, seat := range s.leaving[:n] {
		seat.goodbye()
	}
	s.leaving = slices.Delete(s.leaving, 0, n)
}

// allTold is whether everybody has been told goodbye and has it.
func (s *shard) allTold() bool {
	for _, seat := range s.seats {
		if !seat.finished {
			return false
		}
	}
	return true
}
