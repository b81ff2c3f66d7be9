package pgserver

import "fmt"

// InUse says that another process has a server in the data folder.
type InUse struct {
	Dir string
	Pid int // 0 if it is not known
}

func (e *InUse) Error() string {
	holder := "another process"
	if e.Pid != 0 {
		holder = fmt.Sprintf("process %d", e.Pid)
	}
	return fmt.Sprintf("pgserver: data folder %s is in use by %s: "+
		"stop that one, or choose another folder", e.Dir, holder)
}
