package io.penstock.jobs.testing;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The real driver, with every statement, commit and rollback recorded in order, and a place to fail
 * before one of them is sent.
 */
public final class RecordingDriver implements Driver {
  /** Decides whether a statement fails instead of being sent. */
  @FunctionalInterface
  public interface Fault {
    void before(String sql) throws SQLException;
  }

  private final Driver real = new com.amazon.redshift.jdbc.Driver();
  private final Fault fault;
  private final List<String> recorded = Collections.synchronizedList(new ArrayList<>());
  private final List<Properties> opened = Collections.synchronizedList(new ArrayList<>());

  public RecordingDriver(Fault fault) {
    this.fault = fault;
  }

  public RecordingDriver() {
    this(sql -> {});
  }

  public List<String> recorded() {
    return List.copyOf(recorded);
  }

  public List<Properties> opened() {
    return List.copyOf(opened);
  }

  @Override
  public Connection connect(String url, Properties properties) throws SQLException {
    opened.add(properties);
    Connection connection = real.connect(url, properties);
    return (Connection)
        Proxy.newProxyInstance(
            RecordingDriver.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("commit") || method.getName().equals("rollback")) {
                note(method.getName().toUpperCase(java.util.Locale.ROOT));
              }
              Object answer = call(connection, method, arguments);
              return answer instanceof Statement statement ? recording(statement) : answer;
            });
  }

  private Statement recording(Statement statement) {
    return (Statement)
        Proxy.newProxyInstance(
            RecordingDriver.class.getClassLoader(),
            new Class<?>[] {Statement.class},
            (proxy, method, arguments) -> {
              if (method.getName().startsWith("execute") && arguments != null) {
                note((String) arguments[0]);
              }
              return call(statement, method, arguments);
            });
  }

  private void note(String sql) throws SQLException {
    recorded.add(sql);
    fault.before(sql);
  }

  private static @Nullable Object call(
      Object target, java.lang.reflect.Method method, Object @Nullable [] arguments)
      throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  @Override
  public boolean acceptsURL(String url) throws SQLException {
    return real.acceptsURL(url);
  }

  @Override
  public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) throws SQLException {
    return real.getPropertyInfo(url, info);
  }

  @Override
  public int getMajorVersion() {
    return real.getMajorVersion();
  }

  @Override
  public int getMinorVersion() {
    return real.getMinorVersion();
  }

  @Override
  public boolean jdbcCompliant() {
    return false;
  }

  @Override
  public Logger getParentLogger() {
    return Logger.getLogger("recording");
  }
}
