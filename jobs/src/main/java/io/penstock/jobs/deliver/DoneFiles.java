package io.penstock.jobs.deliver;

import io.penstock.common.plan.DeliveryPlan;
import io.penstock.jobs.store.ObjectStore;
import io.penstock.jobs.store.ObjectStore.StoredObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The done files of a delivery: one, or one in the directory of each group. */
record DoneFiles(Optional<String> name, DeliveryKeys keys) {
  /** What a done file holds: its presence says everything. */
  static final byte[] CONTENT = new byte[0];

  static DoneFiles of(DeliveryPlan plan, DeliveryKeys keys) {
    return new DoneFiles(plan.doneFile(), keys);
  }

  /** Keys for the files of a delivery, in their order; without files, one above the groups. */
  List<String> of(Collection<String> files) {
    if (name.isEmpty()) {
      return List.of();
    }
    Set<String> directories = new LinkedHashSet<>();
    files.forEach(key -> directories.add(keys.groupDirectoryOf(key)));
    if (directories.isEmpty()) {
      directories.add("");
    }
    return directories.stream().map(directory -> directory + name.get()).toList();
  }

  /** Keys that an earlier delivery may have written. */
  List<String> earlier(ObjectStore store) throws IOException {
    if (name.isEmpty()) {
      return List.of();
    }
    List<String> found = new ArrayList<>(List.of(name.get()));
    if (!keys.groupDirectory().isEmpty()) {
      for (StoredObject object : store.list(keys.commonPrefix())) {
        if (keys.isInGroup(object.key(), name.get())) {
          found.add(object.key());
        }
      }
    }
    return List.copyOf(found);
  }
}
