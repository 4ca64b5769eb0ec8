/** Connections through an SSH server (RFC 4254 section 7), whose host key is known beforehand. */
@NullMarked
package io.penstock.jobs.tunnel;

import org.jspecify.annotations.NullMarked;
