@NullMarked
package io.penstock.jobs;

import org.jspecify.annotations.NullMarked;
