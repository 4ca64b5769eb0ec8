@NullMarked
package io.penstock.jobs.tunnel;

import org.jspecify.annotations.NullMarked;
