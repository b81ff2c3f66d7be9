package pgserver

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
)

const (
	// copyName is what a standby calls itself, and what its leader waits for.
	copyName = "actionday_copy"
	// kept is how much of the log a leader keeps for a standby that is away. One that is away for
	// longer is made anew. A slot would keep all of it, until the disk is full.
	kept = "256MB"
	// promoteLimit is how long a standby may take to lead, in seconds.
	promoteLimit = 30
)

// Leader is where a standby finds the server that it follows: its socket, which both may enter.
type Leader struct {
	socket  string
	port    int
	cluster string
}

// Leader tells a standby of the same user where to follow this server.
func (s *Server) Leader() Leader { return Leader{s.socket.path, s.port, s.cluster} }

func (l Leader) conninfo() string {
	return fmt.Sprintf("host='%s' port=%d user=%s application_name=%s", l.socket, l.port, superuser, copyName)
}

// replication is what servers that are reached by others are told beside the common settings.
// Silence is noticed within seconds.
func replication(o Options, hba string) []string {
	if o.Listen == "" {
		return nil
	}
	values := []string{
		"hba_file=" + hba, "wal_keep_size=" + kept, "wal_sender_timeout=3s", "wal_receiver_timeout=3s",
		"wal_receiver_status_interval=1s", "wal_retrieve_retry_interval=200ms",
	}
	if o.Follow != (Leader{}) {
		values = append(values, "primary_conninfo="+o.Follow.conninfo())
	}
	return switches(values)
}

// IsStandby tells whether the cluster in a data folder is one that follows. A folder without one
// does not.
func IsStandby(dir string) bool {
	found, _ := filepath.Glob(filepath.Join(dir, "pg*", "standby.signal"))
	return len(found) > 0
}

// makeStandby returns the folder of a standby's cluster, a copy of the leader's if there is none.
func makeStandby(ctx context.Context, dir string, b binaries, who identity, l Leader) (string, error) {
	cluster := filepath.Join(dir, "pg"+strconv.Itoa(b.major))
	if isCluster(cluster) {
		if !IsStandby(dir) {
			return "", fmt.Errorf("pgserver: %s has led; remove it before it follows", cluster)
		}
		return cluster, who.own(cluster)
	}
	draft := cluster + ".new"
	if err := os.RemoveAll(draft); err != nil {
		return "", fmt.Errorf("pgserver: sweep unfinished copy: %w", err)
	}
	if err := os.Mkdir(draft, 0o700); err != nil {
		return "", fmt.Errorf("pgserver: make folder of the copy: %w", err)
	}
	if err := who.own(draft); err != nil {
		return "", err
	}
	copying := copyBySelf
	if isProgram(b.program("pg_basebackup")) {
		copying = copyByTool
	}
	err := copying(ctx, draft, b, who, l)
	if err == nil {
		err = os.WriteFile(filepath.Join(draft, "standby.signal"), nil, 0o600)
	}
	if err == nil {
		err = who.give(draft)
	}
	if err != nil {
		return "", errors.Join(fmt.Errorf("pgserver: copy the leader: %w", err), os.RemoveAll(draft))
	}
	if err := os.Rename(draft, cluster); err != nil {
		return "", fmt.Errorf("pgserver: put the copy in place: %w", err)
	}
	return cluster, syncFolder(dir)
}

// copyByTool lets Postgres' own tool copy.
func copyByTool(ctx context.Context, draft string, b binaries, who identity, l Leader) error {
	_, err := runTool(ctx, who, b.program("pg_basebackup"), "--pgdata="+draft, "--dbname="+l.conninfo(),
		"--checkpoint=fast", "--wal-method=stream", "--no-manifest")
	return err
}

// Copied tells whether a standby streams from this server and has everything up to a position of
// the log, as Position gives it; "" is the beginning.
func (s *Server) Copied(ctx context.Context, position string) (bool, error) {
	if position == "" {
		position = "0/0"
	}
	var copied bool
	err := s.ask(ctx, &copied, `
		select coalesce(bool_or(state = 'streaming' and flush_lsn >= $2::pg_lsn), false)
		from pg_stat_replication where application_name = $1`, copyName, position)
	return copied, err
}

// Position is how far this server's log goes.
func (s *Server) Position(ctx context.Context) (position string, err error) {
	err = s.ask(ctx, &position, "select pg_current_wal_insert_lsn()::text")
	return position, err
}

// RequireCopy says whether a commit waits until a standby has it on disk. It must be taken back
// when the standby is lost: commits wait for ever.
func (s *Server) RequireCopy(ctx context.Context, required bool) error {
	name := ""
	if required {
		name = copyName
	}
	return s.tell(ctx, "alter system set synchronous_standby_names = '"+name+"'", "select pg_reload_conf()")
}

// Promote makes a standby lead. The caller has seen to it that the former leader is gone, and
// stays so: two leaders would each take what the other never sees.
func (s *Server) Promote(ctx context.Context) error {
	// What the former leader waited for came along with the copy.
	if err := s.RequireCopy(ctx, false); err != nil {
		return err
	}
	var leads bool
	if err := s.ask(ctx, &leads, "select pg_promote(true, $1)", promoteLimit); err != nil {
		return err
	}
	if !leads {
		return errors.New("pgserver: the standby does not take over: " + s.tail.last())
	}
	return nil
}
