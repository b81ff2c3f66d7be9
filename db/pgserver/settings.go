package pgserver

import "strconv"

const defaultConnections = 100

// settings are given on the command line, so that they live in the code and not in a file of the
// data folder that would stay behind when they change.
func settings(o Options) []string {
	connections := o.MaxConnections
	if connections <= 0 {
		connections = defaultConnections
	}
	values := []string{
		"listen_addresses=" + o.host(),
		"port=" + strconv.Itoa(o.port()),
		"unix_socket_permissions=0700",
		"max_connections=" + strconv.Itoa(connections),
		"timezone=UTC",
		"log_timezone=UTC",
		"lc_messages=C",
		"log_line_prefix=",
		"logging_collector=off",
		"log_destination=stderr",
		// Errors of statements reach the hub through its driver; their texts hold personal
		// data and have no business in a log. Postgres orders LOG above ERROR here.
		"log_min_messages=log",
		"log_min_error_statement=panic",
		"log_error_verbosity=terse",
		// Compiling a plan takes longer than any query of ours.
		"jit=off",
	}
	if o.Ephemeral {
		values = append(values,
			"fsync=off",
			"synchronous_commit=off",
			"full_page_writes=off",
			"wal_level=minimal",
			"max_wal_senders=0",
			"shared_buffers=32MB",
			// The folder may be in memory, where a gigabyte of old log would hurt.
			"max_wal_size=256MB",
		)
	}
	return switches(values)
}

func switches(values []string) []string {
	args := make([]string, 0, 2*len(values))
	for _, v := range values {
		args = append(args, "-c", v)
	}
	return args
}
