@NullMarked
package io.penstock.common.run;

import org.jspecify.annotations.NullMarked;
