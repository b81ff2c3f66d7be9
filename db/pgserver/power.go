package pgserver

import "syscall"

// Kill ends the server as a crash does: nothing is written down, and the next start recovers. Stop
// frees the data folder afterwards.
func (s *Server) Kill() {
	s.child.signal(syscall.SIGKILL)
	<-s.child.done
}

// Pause freezes the server with all its sessions, as a machine that hangs does, until Resume. The
// sessions are processes of their own, in groups of their own.
func (s *Server) Pause() { s.freeze(true) }

// Resume lets a frozen server go on.
func (s *Server) Resume() { s.freeze(false) }

// Address is where the server listens beside its socket; empty if nowhere.
func (s *Server) Address() string { return s.listen }
