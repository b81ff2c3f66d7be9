package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	warmUp = 3 * time.Second
	// warmActs is how much is written before memory is measured: only then are the hubs' rings of the
	// newest activities full, and what comes later is growth.
	warmActs = 15_000
	quietFor = 2 * time.Second
	// healLimit is how long a fault may take to be healed before the run is given up.
	healLimit = 2 * time.Minute
	// finishLimit is how long what was begun may take to be answered when the load ends.
	finishLimit = time.Minute
)

// run makes everything, breaks it, and judges.
func run(ctx context.Context, o options, out io.Writer) (*result, error) {
	if o.Seed == 0 {
		o.Seed = rand.Uint64()
	}
	tell(out, "chaos: seed %d, %d hubs, %d writers, %d viewers; building and starting\n", o.Seed, o.Hubs, o.Writers, o.Subscribers)
	r, err := newRig(ctx, o)
	if err != nil {
		return nil, err
	}
	defer r.close()
	s := &show{rig: r, out: out, result: &result{seed: o.Seed}}
	return s.result, s.play(ctx)
}

// show is one run.
type show struct {
	*rig
	out     io.Writer
	result  *result
	viewing sync.WaitGroup
	acting  sync.WaitGroup
}

func (s *show) play(ctx context.Context) (err error) {
	viewing, leave := context.WithCancel(ctx)
	defer func() { leave(); s.viewing.Wait() }()
	s.seat(viewing)
	if err = s.load(ctx, s.warm); err != nil {
		return err
	}
	if s.result.base, err = s.measure(ctx); err != nil {
		return err
	}
	began := time.Now()
	if err := s.load(ctx, s.misfortunes); err != nil {
		return err
	}
	s.result.lasted = time.Since(began)
	ended := time.Now()
	s.result.unsettled = s.settle(ctx)
	s.result.settle = time.Since(ended)
	if err := s.awaitViewers(ctx); err != nil {
		tell(s.out, "chaos: %v\n", err)
	}
	if s.result.end, err = s.measure(ctx); err != nil {
		return err
	}
	if err := s.judge(ctx); err != nil {
		return err
	}
	s.result.print(s.out, s.options)
	return nil
}

// seat lets the viewers in.
func (s *show) seat(viewing context.Context) {
	for n := range s.options.Subscribers {
		w := newWatcher(n, s.rig)
		if n == 0 && (s.options.Break == "viewer" || s.options.Break == "both") {
			w.skips = 10
		}
		s.rig.watch = append(s.rig.watch, w)
		s.viewing.Go(func() { w.watch(viewing) })
	}
}

// load has everybody act while something happens, and waits until all have been answered.
func (s *show) load(ctx context.Context, happens func(context.Context) error) error {
	acting, end := context.WithCancel(ctx)
	all, give := context.WithCancel(ctx)
	defer give()
	s.generation++
	for n := range s.options.Writers { // at all hubs evenly
		w := s.writer(n + s.options.Writers*s.generation)
		s.acting.Go(func() { w.work(acting, all) })
	}
	for n := range s.hubs {
		s.acting.Go(func() { s.read(acting, n) })
	}
	err := happens(acting)
	end()
	patience := time.AfterFunc(finishLimit, give)
	defer patience.Stop()
	s.acting.Wait()
	return err
}

// warm lets everybody act for a while before anything breaks.
func (s *show) warm(ctx context.Context) error {
	for {
		if err := rest(ctx, warmUp); err != nil || s.options.Once || s.record.count() >= warmActs {
			return err
		}
	}
}

// misfortunes makes one fault after another, all kinds in turn, each turn in another order.
func (s *show) misfortunes(ctx context.Context) error {
	kinds, deadline := s.kinds(), time.Now().Add(s.options.Limit)
	if len(kinds) == 0 {
		return errors.New("no fault has such a name")
	}
	for turn := 1; ; turn++ {
		s.random.Shuffle(len(kinds), func(i, j int) { kinds[i], kinds[j] = kinds[j], kinds[i] })
		if err := s.quiet(ctx); err != nil {
			return err
		}
		for _, f := range kinds {
			if err := s.happen(ctx, f); err != nil {
				return err
			}
			if err := s.sabotage(ctx); err != nil {
				return err
			}
			if s.enough() || time.Now().After(deadline) {
				return nil
			}
		}
		if s.options.Once {
			return nil
		}
	}
}

func (s *show) enough() bool {
	return !s.options.Once && len(s.result.faults) >= s.options.Faults && s.record.count() >= s.options.Acked
}

// kinds are the faults that were asked for and can be made here.
func (s *show) kinds() (kinds []fault) {
	for _, f := range faults() {
		wanted := len(s.options.Kinds) == 0 || slices.ContainsFunc(s.options.Kinds, func(part string) bool {
			return strings.Contains(strings.ToLower(f.name), strings.ToLower(part))
		})
		why := ""
		if f.possible != nil {
			why = f.possible(s.rig)
		}
		switch {
		case wanted && why == "":
			kinds = append(kinds, f)
		case wanted:
			s.result.skipped = append(s.result.skipped, f.name+": "+why)
		}
	}
	return kinds
}

// happen makes a fault, lets it last, heals it, and leaves everybody a moment to recover.
func (s *show) happen(ctx context.Context, f fault) error {
	before := s.record.begin(f.name)
	began := time.Now()
	heal, err := f.inject(ctx, s.rig)
	if err == nil {
		err = rest(ctx, f.hold)
	}
	if heal != nil {
		healing, cancel := context.WithTimeout(context.WithoutCancel(ctx), healLimit)
		err = errors.Join(err, heal(healing))
		cancel()
	}
	lasted := time.Since(began)
	if err != nil {
		err = errors.Join(fmt.Errorf("%s: %w", f.name, err), s.mend(ctx))
		s.result.troubles = append(s.result.troubles, err.Error())
		tell(s.out, "chaos: TROUBLE: %v\n", err)
	}
	if err := rest(ctx, s.options.Pause); err != nil {
		return err
	}
	after, pause := s.record.end()
	s.result.faults = append(s.result.faults, happened{f, after - before, pause, lasted})
	tell(s.out, "%4d  %-32s lasted %6.2f s, pause %6.0f ms, acknowledged %d\n",
		len(s.result.faults), f.name, lasted.Seconds(), milliseconds(pause), after)
	return nil
}

// quiet is a while in which nothing is broken, once a turn: how long nobody is answered then is what
// the machine does by itself.
func (s *show) quiet(ctx context.Context) error {
	s.record.begin("")
	if err := rest(ctx, quietFor); err != nil {
		return err
	}
	_, pause := s.record.end()
	s.result.quiet = max(s.result.quiet, pause)
	return nil
}

// mend starts what a fault has left lying about.
func (s *show) mend(ctx context.Context) error {
	var failures []error
	for _, node := range s.cluster.Nodes() {
		if node.Resume(); !node.Running() {
			failures = append(failures, node.Start(ctx))
		}
	}
	return errors.Join(failures...)
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// sabotage is what must be found in the end, if that was asked for: a row of the log is gone.
func (s *show) sabotage(ctx context.Context) error {
	if s.options.Break != "row" && s.options.Break != "both" || s.sabotaged {
		return nil
	}
	s.sabotaged = true
	return s.sql(ctx, `delete from activities where seq =
		(select percentile_disc(0.5) within group (order by seq) from activities where kind = 'CHEERED')`)
}
