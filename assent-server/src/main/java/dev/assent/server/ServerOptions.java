package dev.assent.server;

import dev.assent.core.AssentException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a server is started. Immutable.
 *
 * @param data folder of the store and the master key; made when it is absent
 * @param address to listen on; loopback only
 * @param port to listen on; 0 means any free one
 * @param publicUrl how people reach it through a proxy; absent when only from this machine
 * @param firstRoles roles of the account that the first start makes
 * @param policy file of rules; absent means that only tools and agents say what is asked
 * @param draft file of rules that are tried beside those in force; absent means none
 * @param anchor file that signed ends of the audit log are appended to; absent means one in the
 *     folder
 * @param retain how long content is kept after the end of a session's last run; absent means for
 *     ever
 */
public record ServerOptions(
    Path data,
    String address,
    int port,
    @Nullable URI publicUrl,
    Set<String> firstRoles,
    @Nullable Path policy,
    @Nullable Path draft,
    @Nullable Path anchor,
    @Nullable Duration retain) {
  /** The port unless said otherwise. */
  public static final int DEFAULT_PORT = 8484;

  private static final int MAX_PORT = 65_535;
  private static final Set<String> LOCALHOST = Set.of("127.0.0.1", "::1", "localhost");

  /** What the first account may do unless said otherwise. */
  public static final Set<String> DEFAULT_ROLES = Set.of("admin", "approver", "reconciler");

  /**
   * @throws IllegalArgumentException when there is no such port
   */
  public ServerOptions {
    if (port < 0 || port > MAX_PORT) {
      throw new IllegalArgumentException("a port goes from 0 to " + MAX_PORT + ", not " + port);
    }
    firstRoles = Set.copyOf(firstRoles);
  }

  /** Without rules of its own. */
  public ServerOptions(
      Path data, String address, int port, @Nullable URI publicUrl, Set<String> firstRoles) {
    this(data, address, port, publicUrl, firstRoles, null, null, null, null);
  }

  /** The defaults, with the data in this folder. */
  public static ServerOptions in(Path data) {
    return new ServerOptions(data, "127.0.0.1", DEFAULT_PORT, null, DEFAULT_ROLES);
  }

  /** The same on this port; 0 means any free one. */
  public ServerOptions onPort(int number) {
    return new ServerOptions(
        data, address, number, publicUrl, firstRoles, policy, draft, anchor, retain);
  }

  /** The same with these roles of the first account, in place of the defaults. */
  public ServerOptions firstRoles(String... roles) {
    return new ServerOptions(
        data, address, port, publicUrl, Set.of(roles), policy, draft, anchor, retain);
  }

  /** The same with the signed ends of the audit log in this file. */
  public ServerOptions anchoredIn(Path file) {
    return new ServerOptions(
        data, address, port, publicUrl, firstRoles, policy, draft, file, retain);
  }

  /** The same; what sessions hold is erased so long after they ended. */
  public ServerOptions retaining(Duration time) {
    return new ServerOptions(
        data, address, port, publicUrl, firstRoles, policy, draft, anchor, time);
  }

  Path checkpoints() {
    return anchor != null ? anchor : data.resolve("audit-checkpoints.jsonl");
  }

  /** The same behind a proxy that people reach by this URL. */
  public ServerOptions behind(URI url) {
    return new ServerOptions(data, address, port, url, firstRoles, policy, draft, anchor, retain);
  }

  /** The same under the rules of this file. */
  public ServerOptions policy(Path file) {
    return new ServerOptions(
        data, address, port, publicUrl, firstRoles, file, draft, anchor, retain);
  }

  /** The same with the rules of this file tried beside those in force. */
  public ServerOptions draft(Path file) {
    return new ServerOptions(
        data, address, port, publicUrl, firstRoles, policy, file, anchor, retain);
  }

  /**
   * @throws AssentException when others than this machine could connect
   */
  void requireLoopback() {
    try {
      if (!InetAddress.getByName(address).isLoopbackAddress()) {
        throw new AssentException(
            "not-loopback",
            "Assent listens on this machine only, and "
                + address
                + " is not loopback. Put a proxy with TLS before it and say --public-url.",
            null);
      }
    } catch (UnknownHostException e) {
      throw new AssentException(
          "not-loopback", "The address " + address + " is not known; use 127.0.0.1 or ::1.", e);
    }
  }

  /**
   * How browsers should reach it from this machine: cookies go to every port of a host name, so the
   * server has a name that other programs do not use. Empty when it has a public URL, or an address
   * that browsers do not mean by the name.
   */
  Optional<String> browserHost() {
    return publicUrl == null && LOCALHOST.contains(address)
        ? Optional.of("assent.localhost")
        : Optional.empty();
  }

  String urlHost() {
    return address.contains(":") ? "[" + address + "]" : address;
  }
}
