@NullMarked
package io.penstock.jobs.verify;

import org.jspecify.annotations.NullMarked;
