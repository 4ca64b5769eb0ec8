@NullMarked
package io.penstock.jobs.deliver;

import org.jspecify.annotations.NullMarked;
