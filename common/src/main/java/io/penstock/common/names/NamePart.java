package io.penstock.common.names;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** A piece of a name pattern. */
sealed interface NamePart {

  String render(NameContext context);

  /** Text that stands for itself. */
  record Text(String text) implements NamePart {
    @Override
    public String render(NameContext context) {
      return text;
    }
  }

  /** The number of a file; rendered by {@link FileName}. */
  record FileNumber() implements NamePart {
    @Override
    public String render(NameContext context) {
      throw new IllegalStateException("a file number is no part of a fixed name");
    }
  }

  /** A variable whose value is a word of the run. */
  record Variable(Word word) implements NamePart {
    @Override
    public String render(NameContext context) {
      String value =
          switch (word) {
            case JOB -> context.run().job();
            case RUN_ID -> context.run().runId();
            case CAMPAIGN_NAME -> context.campaignName().orElseThrow();
            case GROUP_NAME -> context.groupName().orElseThrow();
          };
      // A value is one part of a key, never a path of its own.
      return value.replace('/', '_');
    }
  }

  /** The words of a run. */
  enum Word {
    JOB,
    RUN_ID,
    CAMPAIGN_NAME,
    GROUP_NAME
  }

  /** The instant of the run, moved and formatted. */
  record Now(List<Shift> shifts, String format) implements NamePart {
    static final String DEFAULT_FORMAT = "yyyyMMdd'T'HHmmssX";

    @Override
    public String render(NameContext context) {
      return render(context.run().now().atZone(ZoneOffset.UTC));
    }

    String render(ZonedDateTime now) {
      ZonedDateTime moved = now;
      for (Shift shift : shifts) {
        moved = shift.apply(moved);
      }
      return DateTimeFormatter.ofPattern(format, Locale.ROOT).format(moved);
    }
  }

  /** A filter that gives another time. */
  sealed interface Shift {
    ZonedDateTime apply(ZonedDateTime time);

    /** The same instant on another wall clock. */
    record Local(ZoneId zone) implements Shift {
      @Override
      public ZonedDateTime apply(ZonedDateTime time) {
        return time.withZoneSameInstant(zone);
      }
    }

    /** The same wall-clock time on the next day. */
    record NextDay() implements Shift {
      @Override
      public ZonedDateTime apply(ZonedDateTime time) {
        return time.plusDays(1);
      }
    }
  }
}
