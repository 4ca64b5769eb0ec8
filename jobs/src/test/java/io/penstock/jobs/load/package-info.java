@NullMarked
package io.penstock.jobs.load;

import org.jspecify.annotations.NullMarked;
