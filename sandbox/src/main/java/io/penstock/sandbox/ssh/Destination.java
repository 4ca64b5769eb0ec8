package io.penstock.sandbox.ssh;

import java.util.Set;
import org.apache.sshd.common.util.net.SshdSocketAddress;

/**
 * What connections may be passed on to.
 *
 * @param names by which this host is asked for, as a private DNS would know it
 * @param port on the loopback
 */
public record Destination(Set<String> names, int port) {
  public Destination {
    names = Set.copyOf(names);
  }

  /** Whether the address is of this host and port. */
  boolean isAt(SshdSocketAddress address) {
    return address.getPort() == port && isNamed(address.getHostName());
  }

  boolean isNamed(String host) {
    return names.contains(host) || SshdSocketAddress.isLoopback(host);
  }
}
