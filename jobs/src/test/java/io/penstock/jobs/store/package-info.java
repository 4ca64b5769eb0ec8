@NullMarked
package io.penstock.jobs.store;

import org.jspecify.annotations.NullMarked;
