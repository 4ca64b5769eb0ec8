package io.penstock.jobs.testing;

import io.penstock.common.config.JobFile;
import io.penstock.common.secret.Secret;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The secrets that job files can hold, found in the types that a job file is read into, so that one
 * that is added is found too. A secret is named by the fields that lead to it, each type that one
 * of several stands for in angle brackets.
 */
public final class SecretKeys {
  private static final String OURS = "io.penstock.";

  private final Set<String> found = new TreeSet<>();
  private final Set<Class<?>> above = new HashSet<>();

  private SecretKeys() {}

  /** Of every job file there can be. */
  public static Set<String> possible() {
    SecretKeys keys = new SecretKeys();
    keys.walk(JobFile.class, "");
    return keys.found;
  }

  /** Those that a job file holds. */
  public static Set<String> written(JobFile job) {
    SecretKeys keys = new SecretKeys();
    keys.walk(JobFile.class, job, "");
    return keys.found;
  }

  private void walk(Type type, String path) {
    if (type instanceof ParameterizedType generic) {
      for (Type argument : generic.getActualTypeArguments()) {
        walk(argument, path);
      }
    } else if (type == Secret.class) {
      found.add(path);
    } else if (type instanceof Class<?> ours && ours.getName().startsWith(OURS)) {
      if (!above.add(ours)) {
        return;
      }
      if (ours.isSealed()) {
        for (Class<?> one : ours.getPermittedSubclasses()) {
          walk(one, path + variant(one));
        }
      } else if (!ours.isEnum()) {
        fields(ours).forEach(field -> walk(field.getGenericType(), path(path, field)));
      }
      above.remove(ours);
    }
  }

  private void walk(Type declared, @Nullable Object value, String path) {
    if (value instanceof Secret) {
      found.add(path);
    } else if (value instanceof Optional<?> optional) {
      optional.ifPresent(inner -> walk(argument(declared), inner, path));
    } else if (value instanceof Collection<?> all) {
      all.forEach(inner -> walk(argument(declared), inner, path));
    } else if (value instanceof Map<?, ?> map) {
      map.values().forEach(inner -> walk(Object.class, inner, path));
    } else if (value != null && value.getClass().getName().startsWith(OURS)) {
      boolean oneOfSeveral = declared instanceof Class<?> type && type.isSealed();
      String here = oneOfSeveral ? path + variant(value.getClass()) : path;
      for (Field field : fields(value.getClass())) {
        walk(field.getGenericType(), content(field, value), path(here, field));
      }
    }
  }

  private static Type argument(Type declared) {
    return declared instanceof ParameterizedType generic
        ? generic.getActualTypeArguments()[0]
        : Object.class;
  }

  private static List<Field> fields(Class<?> type) {
    return Arrays.stream(type.getDeclaredFields())
        .filter(field -> !Modifier.isStatic(field.getModifiers()))
        .toList();
  }

  private static @Nullable Object content(Field field, Object value) {
    try {
      field.setAccessible(true);
      return field.get(value);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String variant(Class<?> type) {
    return "<" + type.getSimpleName() + ">";
  }

  private static String path(String path, Field field) {
    return path.isEmpty() ? field.getName() : path + "." + field.getName();
  }
}
